using SalesBrain.Core.Imports;
using SalesBrain.Data.Imports.Jobs;
using SalesBrain.Data.Imports.Sources;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Imports.Jobs;

/// <summary>What start, pause, resume, cancel and retry have in common.</summary>
public sealed class JobControl(ImportSignal signal)
{
    /// <summary>Asks for a change of a job's status. Returns whether the job changed.</summary>
    public delegate Task<bool> Change(DatabaseSession session, Guid jobId, Guid userId, DateTime now, CancellationToken cancellationToken);

    /// <summary>
    /// Makes one change and returns the job. A job that is in <paramref name="settled"/> already is returned as it is; in any other status the answer is
    /// 409, which names it.
    /// </summary>
    /// <param name="verb">The name of the action in the audit log.</param>
    internal async Task<IResult> RunAsync(Call call, Guid jobId, string verb, Change change, string? settled)
    {
        await using var session = await call.WriteAsync();
        var changed = await change(session, jobId, call.Caller.UserId, call.Now.UtcDateTime, call.CancellationToken);
        if (await ImportJobs.FindAsync(session, jobId, call.CancellationToken) is not { } job)
        {
            return Problems.NotFound;
        }
        if (!changed)
        {
            if (!ImportJobRules.MayControl(call.Caller.Role, call.Caller.UserId, job.CreatedBy))
            {
                return Problems.Forbidden;
            }
            return job.Status == settled ? EntityTags.ShowChanged(call, job) : await RefusalAsync(call, session, job, verb);
        }
        await call.AuditAsync(session, $"import_job.{verb}", "import_job", job.Id, job.OrganizationId, new { status = job.Status, requested = job.Requested });
        await session.CommitAsync();
        if (job.Status == "running")
        {
            signal.Raise();
        }
        return EntityTags.ShowChanged(call, job);
    }

    private static async Task<Problem> RefusalAsync(Call call, DatabaseSession session, ImportJobDetail job, string verb)
    {
        var starts = (verb, job.Status) is ("start", "pending") or ("resume", "paused") or ("retry", "failed");
        if (starts && job.UndoStartedAt is null)
        {
            return await DataSources.FindAsync(session, job.DataSourceId, call.CancellationToken) is null
                ? Problems.DataSourceDisabled.Because("The data source of the job was deleted.")
                : Problems.DataSourceDisabled;
        }
        return starts
            ? Problems.ImportJobState.Because(job.UndoneAt is null ? "The job is being undone." : "The job was undone.")
            : Problems.ImportJobState.Because($"The job is {job.Status}.");
    }
}
