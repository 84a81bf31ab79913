using SalesBrain.Functions.Configuration;

namespace SalesBrain.Functions.Telemetry;

/// <summary>Where telemetry is exported to. The names and values are those of OpenTelemetry, whose exporter reads them itself.</summary>
internal sealed record TelemetryOptions
{
    /// <summary>Whether traces, metrics and logs are exported.</summary>
    public bool IsExported { get; private init; }

    internal static TelemetryOptions Read(SettingsReader settings)
    {
        var endpoint = settings.OptionalUrl("OTEL_EXPORTER_OTLP_ENDPOINT", "URL of the OpenTelemetry collector");
        string?[] signals =
        [
            settings.OptionalUrl("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "URL for traces"),
            settings.OptionalUrl("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "URL for metrics"),
            settings.OptionalUrl("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "URL for logs"),
        ];
        var given = signals.Count(url => url is not null);
        settings.Check(
            endpoint is not null || given is 0 || given == signals.Length,
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_EXPORTER_OTLP_METRICS_ENDPOINT and OTEL_EXPORTER_OTLP_LOGS_ENDPOINT must be set "
            + "together.");
        // Read by the exporter; here only so that an unresolved reference or an unknown protocol ends the start.
        settings.Choice("OTEL_EXPORTER_OTLP_PROTOCOL", "the protocol of the collector", ["grpc", "http/protobuf"], "grpc");
        settings.Text("OTEL_EXPORTER_OTLP_HEADERS", "headers for the collector, such as its API key", "");
        return new TelemetryOptions { IsExported = endpoint is not null || given > 0 };
    }
}
