using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using SalesBrain.Core.Webhooks.Processing;
using SalesBrain.Data.Webhooks.Processing;

namespace SalesBrain.Functions.Webhooks.Processing;

/// <summary>Processes webhooks that this process has just received, right after the response. The timer handles the rest.</summary>
internal sealed class WebhookProcessingService(
    WebhookProcessor processor, WebhookSignal signal, TimeProvider clock, ILogger<WebhookProcessingService> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await signal.WaitAsync(Timeout.InfiniteTimeSpan, stoppingToken);
                while (await processor.ProcessBatchAsync(stoppingToken) > 0)
                {
                    // Until nothing is due.
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The logs stay due; try again when the database is back.
                log.LogWarning(
                    e, "Processing webhooks paused: {Reason}", e is NpgsqlException ? "the database is not available" : "unexpected error");
                await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                signal.Raise();
            }
        }
    }
}
