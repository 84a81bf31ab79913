using SalesBrain.Core.Imports;
using SalesBrain.Data.Imports.Jobs;
using SalesBrain.Data.Imports.Sources;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Imports.Jobs;

/// <summary>What start, pause, resume, cancel and retry have in common.</summary>
public sealed class JobControl(ImportSignal signal)
{
    private const int MaxAttempts = 5;

    /// <summary>Asks for a change of a job's status. Returns whether the job changed.</summary>
    public delegate Task<bool> Change(DatabaseSession session, Guid jobId, Guid userId, DateTime now, CancellationToken cancellationToken);

    /// <summary>
    /// Makes one change and returns the job. A job that is in <paramref name="settled"/> already is returned as it is; in any other status
    /// the answer is 409, which names it.
    /// </summary>
    /// <param name="verb">The name of the action in the audit log.</param>
    /// <param name="from">The statuses in which the change is possible.</param>
    internal async Task<IResult> RunAsync(Call call, Guid jobId, string verb, Change change, string[] from, string? settled)
    {
        await using var session = await call.WriteAsync();
        for (var attempt = 1; ; attempt++)
        {
            var changed = await change(session, jobId, call.Caller.UserId, call.Now.UtcDateTime, call.CancellationToken);
            if (await ImportJobs.FindAsync(session, jobId, call.CancellationToken) is not { } job)
            {
                return Problems.NotFound;
            }
            if (changed)
            {
                await call.AuditAsync(
                    session, $"import_job.{verb}", "import_job", job.Id, job.OrganizationId,
                    new { status = job.Status, requested = job.Requested });
                await session.CommitAsync();
                if (job.Status == "running")
                {
                    signal.Raise();
                }
                return EntityTags.ShowChanged(call, job);
            }
            if (!ImportJobRules.MayControl(call.Caller.Role, call.Caller.UserId, job.CreatedBy))
            {
                return Problems.Forbidden;
            }
            if (job.Status == settled)
            {
                return EntityTags.ShowChanged(call, job);
            }
            if (!from.Contains(job.Status))
            {
                return Problems.ImportJobState.Because($"The job is {job.Status}.");
            }
            if (await FindObstacleAsync(call, session, job) is { } obstacle)
            {
                return obstacle;
            }
            if (attempt == MaxAttempts)
            {
                return Problems.ImportJobState.Because($"The job is {job.Status}, and others are changing it. Try again.");
            }
            // Somebody else changed the status after the attempt, and now the change is possible.
        }
    }

    /// <summary>Why a job whose status allows the change cannot run; null if nothing is in the way.</summary>
    private static async Task<Problem?> FindObstacleAsync(Call call, DatabaseSession session, ImportJobDetail job)
    {
        if (job.UndoStartedAt is not null)
        {
            return Problems.ImportJobState.Because(job.UndoneAt is null ? "The job is being undone." : "The job was undone.");
        }
        return job.Status == "running" ? null : await DataSources.FindAsync(session, job.DataSourceId, call.CancellationToken) switch
        {
            null => Problems.DataSourceDisabled.Because("The data source of the job was deleted."),
            { Status: "disabled" } => Problems.DataSourceDisabled,
            _ => null,
        };
    }
}
