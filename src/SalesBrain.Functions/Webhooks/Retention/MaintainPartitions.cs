using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Retention;
using SalesBrain.Functions.Timers;

namespace SalesBrain.Functions.Webhooks.Retention;

/// <summary>Creates the partitions of the coming months, long before they are needed. Daily.</summary>
public sealed class MaintainPartitions(TimerRuns runs, SalesBrainDatabase database, TimeProvider clock, ILogger<MaintainPartitions> log)
{
    private const int MonthsAhead = 4;

    [Function(nameof(MaintainPartitions))]
    public Task Run([TimerTrigger("%MaintainPartitionsSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        runs.RunAsync<MaintainPartitions>(() => WorkAsync(cancellationToken));

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        var made = await WebhookPartitions.EnsureAsync(
            database.AutoCommitPlatform(), clock.GetUtcNow().UtcDateTime, MonthsAhead, cancellationToken);
        log.LogInformation("Created {Count} partitions", made);
    }
}
