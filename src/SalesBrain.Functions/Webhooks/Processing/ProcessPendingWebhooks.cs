using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SalesBrain.Core.Telemetry;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Processing;
using SalesBrain.Functions.Timers;

namespace SalesBrain.Functions.Webhooks.Processing;

/// <summary>Processes webhooks left over after a crash and webhooks due for a retry. Every 30 seconds.</summary>
public sealed class ProcessPendingWebhooks(
    TimerRuns runs, WebhookProcessor processor, SalesBrainDatabase database, WebhookMetrics metrics, TimeProvider clock, ILogger<ProcessPendingWebhooks> log)
{
    /// <summary>How often a long run measures the age of the oldest due webhook again.</summary>
    private static readonly TimeSpan MeasureEvery = TimeSpan.FromSeconds(10);

    [Function(nameof(ProcessPendingWebhooks))]
    public Task Run([TimerTrigger("%ProcessPendingWebhooksSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        runs.RunAsync<ProcessPendingWebhooks>(() => WorkAsync(cancellationToken));

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        // Rows are claimed with SKIP LOCKED: any number of instances may do this at once.
        var total = 0;
        await MeasureAsync(cancellationToken);
        var measured = clock.GetTimestamp();
        while (await processor.ProcessBatchAsync(cancellationToken) is > 0 and var count)
        {
            total += count;
            if (clock.GetElapsedTime(measured) >= MeasureEvery)
            {
                await MeasureAsync(cancellationToken);
                measured = clock.GetTimestamp();
            }
        }
        log.Log(total > 0 ? LogLevel.Information : LogLevel.Debug, "Processed {Count} webhooks that were due", total);
    }

    /// <summary>
    /// Measures before processing, so that the metric shows what has piled up. One instance at a time runs this, so one query serves all.
    /// </summary>
    private async Task MeasureAsync(CancellationToken cancellationToken) =>
        metrics.ObservePending(
            await DueWebhooks.FindOldestDueAsync(database.ReadPlatform(), clock.GetUtcNow().UtcDateTime, cancellationToken));
}
