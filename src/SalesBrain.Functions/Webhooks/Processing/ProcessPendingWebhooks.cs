using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SalesBrain.Data.Webhooks.Processing;

namespace SalesBrain.Functions.Webhooks.Processing;

/// <summary>Processes webhooks left over after a crash and webhooks due for a retry. Every 30 seconds.</summary>
public sealed class ProcessPendingWebhooks(WebhookProcessor processor, ILogger<ProcessPendingWebhooks> log)
{
    [Function(nameof(ProcessPendingWebhooks))]
    public async Task Run([TimerTrigger("%ProcessPendingWebhooksSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        // Rows are claimed with SKIP LOCKED: any number of instances may do this at once.
        var total = 0;
        while (await processor.ProcessBatchAsync(cancellationToken) is > 0 and var count)
        {
            total += count;
        }
        if (total > 0)
        {
            log.LogInformation("Processed {Count} webhooks that were due", total);
        }
    }
}
