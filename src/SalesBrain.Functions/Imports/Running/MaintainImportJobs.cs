using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SalesBrain.Core.Imports;
using SalesBrain.Data.Imports.Running;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Timers;

namespace SalesBrain.Functions.Imports.Running;

/// <summary>
/// Cancels import jobs that were paused for 30 days, deletes job logs after 90 days, and what undoing needs 30 days after a job has ended.
/// Hourly.
/// </summary>
public sealed class MaintainImportJobs(TimerRuns runs, SalesBrainDatabase database, TimeProvider clock, ILogger<MaintainImportJobs> log)
{
    private const int BatchSize = 5000;
    private static readonly TimeSpan PausedAtMost = TimeSpan.FromDays(30);
    private static readonly TimeSpan LogsKept = TimeSpan.FromDays(90);

    [Function(nameof(MaintainImportJobs))]
    public Task Run([TimerTrigger("%MaintainImportJobsSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        runs.RunAsync<MaintainImportJobs>(() => WorkAsync(cancellationToken));

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        var session = database.AutoCommitPlatform();
        var now = clock.GetUtcNow().UtcDateTime;
        var cancelled = await Batches.RepeatAsync(
            () => ImportUpkeep.CancelPausedAsync(session, now - PausedAtMost, now, BatchSize, cancellationToken));
        var lines = await Batches.RepeatAsync(() => ImportUpkeep.DeleteLogsAsync(session, now - LogsKept, BatchSize, cancellationToken));
        var rows = await Batches.RepeatAsync(
            () => ImportUpkeep.DeleteRowsAsync(session, now - ImportJobRules.Undoable, BatchSize, cancellationToken));
        log.LogInformation("Cancelled {Jobs} import jobs, deleted {Lines} log lines and {Rows} rows of old jobs", cancelled, lines, rows);
    }
}
