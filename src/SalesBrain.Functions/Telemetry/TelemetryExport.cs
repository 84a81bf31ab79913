using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using SalesBrain.Core.Telemetry;

namespace SalesBrain.Functions.Telemetry;

/// <summary>Exports traces, metrics and logs over OTLP, the same way in both hosts.</summary>
internal static class TelemetryExport
{
    /// <summary>
    /// Registers nothing unless a collector is set: then nothing listens to spans and metrics, and they cost nothing. The exporter and the
    /// SDK read the standard variables (OTEL_*) themselves.
    /// </summary>
    internal static void AddTelemetryExport(this IServiceCollection services, TelemetryOptions options)
    {
        if (!options.IsExported)
        {
            return;
        }
        services.AddHostedService<ExceptionRedaction>();
        services.AddOpenTelemetry()
            // In the Functions worker: tells the host, and adds the worker's spans and resource. In the local host: the resource.
            .UseFunctionsWorkerDefaults()
            .WithTracing(tracing => tracing
                .AddSource(Tracing.Name, "Microsoft.AspNetCore")
                .AddNpgsql()
                .AddProcessor(new SpanRedaction()))
            .WithMetrics(metrics => metrics
                .AddMeter(Tracing.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql", "System.Runtime"))
            .WithLogging(configureBuilder: null, configureOptions: logs =>
            {
                logs.IncludeFormattedMessage = true;
                logs.IncludeScopes = true;
                logs.ParseStateValues = true;
            })
            .UseOtlpExporter();
    }
}
