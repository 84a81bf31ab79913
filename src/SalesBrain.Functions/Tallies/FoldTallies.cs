using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SalesBrain.Data.Analytics;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Tallies;
using SalesBrain.Functions.Timers;

namespace SalesBrain.Functions.Tallies;

/// <summary>
/// Sums the appended changes of counters and of analytics, so that reading them stays fast. They are correct even without it. Every 20
/// seconds.
/// </summary>
public sealed class FoldTallies(TimerRuns runs, SalesBrainDatabase database, ILogger<FoldTallies> log)
{
    [Function(nameof(FoldTallies))]
    public Task Run([TimerTrigger("%FoldTalliesSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        runs.RunAsync<FoldTallies>(() => WorkAsync(cancellationToken));

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        var session = database.AutoCommitPlatform();
        long folded, all = 0;
        do
        {
            folded = await TallyChanges.FoldAsync(session, cancellationToken);
            all += folded;
        }
        while (folded == TallyChanges.BatchSize);
        while (await AnalyticsChanges.FoldAsync(session, cancellationToken) is > 0 and var changes)
        {
            all += changes;
        }
        log.Log(all > 0 ? LogLevel.Information : LogLevel.Debug, "Folded {Count} changes of tallies and analytics", all);
    }
}
