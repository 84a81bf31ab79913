using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Retention;

namespace SalesBrain.Functions.Webhooks.Retention;

/// <summary>Creates the partitions of the coming months, long before they are needed. Daily.</summary>
public sealed class MaintainPartitions(SalesBrainDatabase database, TimeProvider clock, ILogger<MaintainPartitions> log)
{
    private const int MonthsAhead = 4;

    [Function(nameof(MaintainPartitions))]
    public async Task Run([TimerTrigger("%MaintainPartitionsSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var made = await WebhookPartitions.EnsureAsync(
            database.AutoCommitPlatform(), clock.GetUtcNow().UtcDateTime, MonthsAhead, cancellationToken);
        log.LogInformation("Created {Count} partitions", made);
    }
}
