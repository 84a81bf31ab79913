using System.Text.Json;
using SalesBrain.Integrations.Api;
using SalesBrain.Integrations.Apollo;
using SalesBrain.Integrations.Csv;
using SalesBrain.Integrations.Files;
using SalesBrain.Integrations.Forms;
using SalesBrain.Integrations.Linkedin;
using SalesBrain.Integrations.Outbound;
using SalesBrain.Integrations.Zoominfo;

namespace SalesBrain.Integrations.Composition;

/// <inheritdoc cref="ISourceAdapters"/>
internal sealed class SourceAdapters(
    OutboundClient client, RequestPacing pacing, TokenCache tokens, IFileStore files, SourceOptions options, TimeProvider clock) : ISourceAdapters
{
    public IReadOnlyList<SourceFormProblem> Check(SourceType type, JsonElement config, JsonElement? credentials)
    {
        var (settings, secrets) = (new FormReader("config", config), new FormReader("credentials", credentials));
        switch (type)
        {
            case SourceType.Apollo:
                ApolloConfig.Read(settings);
                ApolloCredentials.Read(secrets);
                break;
            case SourceType.Zoominfo:
                ZoominfoCredentials.Read(secrets, ZoominfoConfig.Read(settings).IsLegacy);
                break;
            case SourceType.Linkedin:
                LinkedinConfig.Read(settings);
                LinkedinCredentials.Read(secrets);
                break;
            case SourceType.Api:
                ApiForm.ReadCredentials(secrets, ApiForm.Read(settings, options.AllowLoopback).Auth.Kind);
                break;
            case SourceType.Csv:
                CsvConfig.Read(settings);
                // A file needs none.
                secrets.End();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type));
        }
        return [.. settings.Problems, .. secrets.Problems];
    }

    public IReadOnlyList<SourceFormProblem> CheckRequest(SourceType type, JsonElement config, SourceRequest request)
    {
        var (filters, mapping) = (new FormReader("filters", request.Filters), new FormReader("mapping", null));
        switch (type)
        {
            case SourceType.Apollo:
                ApolloFilters.Read(filters);
                break;
            case SourceType.Zoominfo:
                ZoominfoFilters.Read(filters);
                break;
            case SourceType.Linkedin:
                LinkedinFilters.Read(filters);
                break;
            default:
                filters.End();
                break;
        }
        switch (type)
        {
            case SourceType.Api:
                ApiForm.ReadMapping(request.Mapping, mapping);
                break;
            case SourceType.Csv:
                CsvConfig.CheckMapping(request.Mapping ?? new Dictionary<string, string>(), mapping, "");
                break;
            default:
                return [.. filters.Problems, .. request.Mapping is { Count: > 0 } ? [new SourceFormProblem("mapping", "invalid", "is only for sources of the types api and csv")] : Array.Empty<SourceFormProblem>()];
        }
        return [.. filters.Problems, .. mapping.Problems];
    }

    public ISourceAdapter Open(SourceConnection connection)
    {
        var calls = new SourceCalls(client, pacing, connection.SourceId, connection.RequestsPerMinute);
        var (settings, secrets) = (new FormReader("config", connection.Config), new FormReader("credentials", connection.Credentials));
        ISourceAdapter adapter = connection.Type switch
        {
            SourceType.Apollo =>
                new ApolloAdapter(calls, options, ApolloConfig.Read(settings), ApolloCredentials.Read(secrets), connection.Request),
            SourceType.Zoominfo => OpenZoominfo(calls, connection, ZoominfoConfig.Read(settings), secrets),
            SourceType.Linkedin => new LinkedinAdapter(
                calls, options, clock, LinkedinConfig.Read(settings), LinkedinCredentials.Read(secrets), connection.Request),
            SourceType.Api => OpenApi(calls, connection, ApiForm.Read(settings, options.AllowLoopback), secrets),
            SourceType.Csv => new CsvAdapter(files, connection, CsvConfig.Read(settings)),
            _ => throw new ArgumentOutOfRangeException(nameof(connection)),
        };
        // The rules may have changed since the source was stored.
        return settings.Problems.Count + secrets.Problems.Count == 0
            ? adapter
            : throw new SourceException(
                SourceErrors.BadRequest, $"The source's settings are not valid: {string.Join(", ", settings.Problems.Concat(secrets.Problems).Select(problem => problem.Field).Distinct())}.");
    }

    private ZoominfoAdapter OpenZoominfo(SourceCalls calls, SourceConnection connection, ZoominfoConfig config, FormReader secrets)
    {
        var credentials = ZoominfoCredentials.Read(secrets, config.IsLegacy);
        IZoominfoApi api = config.IsLegacy
            ? new LegacyApi(calls, tokens, options, connection.SourceId, credentials)
            : new GtmApi(calls, tokens, options, connection.SourceId, credentials);
        return new ZoominfoAdapter(calls, api, config, connection.Request);
    }

    private ApiAdapter OpenApi(SourceCalls calls, SourceConnection connection, ApiConfig config, FormReader secrets) => new(
        calls, tokens, connection.SourceId, config, ApiForm.ReadCredentials(secrets, config.Auth.Kind),
        ApiForm.ReadMapping(connection.Request.Mapping, new FormReader("mapping", null)) ?? config.Fields);
}
