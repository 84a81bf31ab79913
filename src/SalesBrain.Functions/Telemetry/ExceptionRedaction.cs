using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using SalesBrain.Core.Telemetry;

namespace SalesBrain.Functions.Telemetry;

/// <summary>Keeps texts of exceptions out of spans: they may quote what was sent. The log has them, by trace id.</summary>
internal sealed class ExceptionRedaction : IHostedService, IDisposable
{
    private readonly ActivityListener _listener = new()
    {
        ShouldListenTo = source => source.Name != Tracing.Name,
        ExceptionRecorder = static (Activity _, Exception _, ref TagList tags) =>
        {
            tags.Add("exception.message", "");
            tags.Add("exception.stacktrace", "");
        },
    };

    public Task StartAsync(CancellationToken cancellationToken)
    {
        ActivitySource.AddActivityListener(_listener);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _listener.Dispose();
}
