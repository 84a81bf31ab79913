using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SalesBrain.Data.Live;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Timers;

namespace SalesBrain.Functions.Live;

/// <summary>
/// Creates the partitions of live events for the coming week, drops those older than three days, and deletes expired tickets. Hourly.
/// </summary>
public sealed class MaintainLiveEvents(TimerRuns runs, SalesBrainDatabase database, TimeProvider clock, ILogger<MaintainLiveEvents> log)
{
    private const int BatchSize = 5000;

    [Function(nameof(MaintainLiveEvents))]
    public Task Run([TimerTrigger("%MaintainLiveEventsSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        runs.RunAsync<MaintainLiveEvents>(() => WorkAsync(cancellationToken));

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        var session = database.AutoCommitPlatform();
        var (made, dropped) = await LiveEvents.MaintainAsync(session, cancellationToken);
        var now = clock.GetUtcNow();
        var tickets = await Batches.RepeatAsync(() => StreamTickets.DeleteExpiredAsync(session, now, BatchSize, cancellationToken));
        log.LogInformation(
            "Created {Made} and dropped {Dropped} partitions of live events; deleted {Tickets} expired tickets", made, dropped, tickets);
    }
}
