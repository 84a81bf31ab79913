using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SalesBrain.Data.Notifications;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Timers;

namespace SalesBrain.Functions.Notifications;

/// <summary>Deletes notifications after 90 days. Daily.</summary>
public sealed class PruneNotifications(TimerRuns runs, SalesBrainDatabase database, TimeProvider clock, ILogger<PruneNotifications> log)
{
    private const int BatchSize = 5000;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    [Function(nameof(PruneNotifications))]
    public Task Run([TimerTrigger("%PruneNotificationsSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        runs.RunAsync<PruneNotifications>(() => WorkAsync(cancellationToken));

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        // Rows that another instance is deleting are skipped: two at once only share the work.
        var session = database.AutoCommitPlatform();
        var before = clock.GetUtcNow().UtcDateTime - Kept;
        var total = await Batches.RepeatAsync(() => UserNotifications.DeleteOldAsync(session, before, BatchSize, cancellationToken));
        log.LogInformation("Deleted {Notifications} notifications older than {Days} days", total, Kept.Days);
    }
}
