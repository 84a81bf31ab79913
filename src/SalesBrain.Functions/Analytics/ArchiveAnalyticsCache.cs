using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SalesBrain.Data.Analytics;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Timers;

namespace SalesBrain.Functions.Analytics;

/// <summary>
/// Deletes answers of analytics that were computed more than a week ago. They are computed again when they are requested. Daily.
/// </summary>
public sealed class ArchiveAnalyticsCache(TimerRuns runs, SalesBrainDatabase database, ILogger<ArchiveAnalyticsCache> log)
{
    private const int KeptDays = 7;

    [Function(nameof(ArchiveAnalyticsCache))]
    public Task Run([TimerTrigger("%ArchiveAnalyticsCacheSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        runs.RunAsync<ArchiveAnalyticsCache>(async () =>
        {
            var deleted = await AnalyticsCache.ArchiveAsync(database.AutoCommitPlatform(), KeptDays, cancellationToken);
            log.LogInformation("Deleted {Answers} answers of analytics older than {Days} days", deleted, KeptDays);
        });
}
