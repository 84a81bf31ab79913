using System.Text.Json;
using System.Text.Json.Nodes;
using SalesBrain.Integrations.Json;
using SalesBrain.Integrations.Outbound;

namespace SalesBrain.Integrations.Api;

/// <summary>Where a job is in the pages of an endpoint.</summary>
/// <param name="Position">The page's number or the offset.</param>
/// <param name="Token">The endpoint's cursor, or the next URL.</param>
/// <param name="Skip">Items of this page that were read.</param>
/// <param name="Read">Pages that were read.</param>
/// <param name="Items">Items of earlier pages.</param>
/// <param name="Size">Items per page. It stays the same until the job ends.</param>
internal sealed record ApiCursor(long Position, string? Token, int Skip, int Read, long Items, int Size)
{
    internal static ApiCursor First(ApiConfig config) => new(config.Paging.First, null, 0, 0, 0, config.Paging.Size);
}

/// <summary>The paging styles: how the next page is asked for, and where a list ends.</summary>
internal static class ApiPages
{
    internal static Uri UrlOf(ApiConfig config, ApiCursor at, int size)
    {
        var paging = config.Paging;
        if (paging.Kind is ApiPagingKinds.Link or ApiPagingKinds.NextUrl && at.Token is { } next)
        {
            return SameHost(config.Url, next);
        }
        if (config.Method == HttpMethod.Post)
        {
            return config.Url;
        }
        var parameters = Parameters(config, at, size);
        return config.Url.WithoutQuery(parameters.Select(parameter => parameter.Key)).WithQuery(parameters);
    }

    /// <summary>The body of a POST: the configured one with the paging parameters as members.</summary>
    internal static byte[] BodyOf(ApiConfig config, ApiCursor at, int size)
    {
        var body = config.Body is { } json ? JsonObject.Create(json)! : [];
        foreach (var (name, value) in Parameters(config, at, size))
        {
            body[name] = long.TryParse(value, out var number) && name != config.Paging.Parameter || config.Paging.Kind is ApiPagingKinds.Page or ApiPagingKinds.Offset
                ? JsonValue.Create(long.Parse(value))
                : JsonValue.Create(value);
        }
        return JsonSerializer.SerializeToUtf8Bytes(body);
    }

    /// <summary>The next page; null if this one is the last.</summary>
    /// <exception cref="SourceException"><c>schema</c>: the endpoint repeats itself. <c>blocked_address</c>: the next URL is on another
    /// host.</exception>
    internal static ApiCursor? Next(ApiConfig config, ApiCursor at, OutboundResponse response, JsonElement json, int count)
    {
        var paging = config.Paging;
        if (paging.Kind == ApiPagingKinds.None || count == 0)
        {
            return null;
        }
        var next = at with { Skip = 0, Read = at.Read + 1, Items = at.Items + count };
        switch (paging.Kind)
        {
            case ApiPagingKinds.Page or ApiPagingKinds.Offset:
                if (config.Total?.Find(json).AsNumber() is { } total ? next.Items >= total : config.StopOnShortPage && paging.SizeParameter is not null && count < at.Size)
                {
                    return null;
                }
                return next with { Position = at.Position + (paging.Kind == ApiPagingKinds.Page ? 1 : count) };
            case ApiPagingKinds.Link:
                return Follow(config, at, next, LinkHeader.Next(response));
            case ApiPagingKinds.NextUrl:
                return Follow(config, at, next, paging.Next!.Find(json).AsText());
            default:
                var token = paging.Next!.Find(json).AsText();
                if (string.IsNullOrEmpty(token))
                {
                    return null;
                }
                return token == at.Token || token.Length > UrlRules.MaxLength ? throw Repeats() : next with { Token = token };
        }
    }

    private static ApiCursor? Follow(ApiConfig config, ApiCursor at, ApiCursor next, string? target)
    {
        if (string.IsNullOrWhiteSpace(target))
        {
            return null;
        }
        var url = SameHost(config.Url, target);
        // A key may be in the URL that the endpoint returns. It is added again for each request and not stored.
        url = config.Auth.Kind == ApiAuthKinds.Query ? url.WithoutQuery(config.Auth.Name!) : url;
        return url.AbsoluteUri == at.Token || url.AbsoluteUri.Length > UrlRules.MaxLength
            ? throw Repeats()
            : next with { Token = url.AbsoluteUri };
    }

    private static Uri SameHost(Uri url, string target) =>
        Uri.TryCreate(url, target, out var next) && UrlRules.IsSameOrigin(url, next)
            ? new UriBuilder(next) { Fragment = "", UserName = "", Password = "" }.Uri
            : throw new SourceException(SourceErrors.BlockedAddress, "The endpoint's next URL is on another host.");

    private static SourceException Repeats() => new(SourceErrors.Schema, "The endpoint returns the same next page again and again.");

    private static List<KeyValuePair<string, string>> Parameters(ApiConfig config, ApiCursor at, int size)
    {
        var (paging, parameters) = (config.Paging, new List<KeyValuePair<string, string>>());
        switch (paging.Kind)
        {
            case ApiPagingKinds.Page or ApiPagingKinds.Offset:
                parameters.Add(new(paging.Parameter!, $"{at.Position}"));
                break;
            case ApiPagingKinds.Cursor when at.Token is { } token:
                parameters.Add(new(paging.Parameter!, token));
                break;
        }
        if (paging.SizeParameter is { } name && paging.Kind != ApiPagingKinds.None)
        {
            parameters.Add(new(name, $"{size}"));
        }
        return parameters;
    }
}
