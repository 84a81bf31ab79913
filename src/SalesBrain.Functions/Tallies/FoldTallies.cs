using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Tallies;

namespace SalesBrain.Functions.Tallies;

/// <summary>
/// Sums the appended counter changes, so that reading the counters stays fast. Counters are correct even without it. Every 20 seconds.
/// </summary>
public sealed class FoldTallies(SalesBrainDatabase database, ILogger<FoldTallies> log)
{
    [Function(nameof(FoldTallies))]
    public async Task Run([TimerTrigger("%FoldTalliesSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var session = database.AutoCommitPlatform();
        long folded, all = 0;
        do
        {
            folded = await TallyChanges.FoldAsync(session, cancellationToken);
            all += folded;
        }
        while (folded == TallyChanges.BatchSize);
        if (all > 0)
        {
            log.LogInformation("Folded {Count} tally changes", all);
        }
    }
}
