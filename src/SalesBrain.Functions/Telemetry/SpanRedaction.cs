using System.Diagnostics;
using OpenTelemetry;
using SalesBrain.Core.Telemetry;

namespace SalesBrain.Functions.Telemetry;

/// <summary>
/// Removes from the spans of frameworks every attribute that is not listed here. The path of a request would show the tokens of receiving
/// URLs and onboarding links, its query an e-mail address.
/// </summary>
internal sealed class SpanRedaction : BaseProcessor<Activity>
{
    private static readonly HashSet<string> Kept = new(StringComparer.Ordinal)
    {
        "http.request.method", "http.response.status_code", "http.route", "network.protocol.version", "url.scheme", Tracing.ErrorType,
        "db.system.name", "db.namespace", "db.operation.name", "db.query.text", "db.response.status_code", "db.npgsql.data_source",
        "db.npgsql.prepared", "db.npgsql.connection_id", "server.address", "server.port",
        "faas.invocation_id", "faas.instance", "schema.url", Tracing.Function, Tracing.User, Tracing.Organization, Tracing.EventSource,
    };

    public override void OnEnd(Activity data)
    {
        if (data.Source.Name == Tracing.Name)
        {
            return;
        }
        foreach (var (name, _) in data.TagObjects.ToList())
        {
            if (!Kept.Contains(name))
            {
                data.SetTag(name, null);
            }
        }
        if (data.Status == ActivityStatusCode.Error)
        {
            // The description is the text of an exception. Its type is in error.type.
            data.SetStatus(ActivityStatusCode.Error);
        }
    }
}
