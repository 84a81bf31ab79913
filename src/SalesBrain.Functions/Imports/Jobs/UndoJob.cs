using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Npgsql;
using SalesBrain.Core.Access;
using SalesBrain.Core.Imports;
using SalesBrain.Data.Imports.Jobs;

namespace SalesBrain.Functions.Imports.Jobs;

/// <summary>Takes back what an import job did and nobody has worked on since, for roles that manage data sources.</summary>
public sealed class UndoJob(RequestPipeline pipeline, TimeProvider clock)
{
    private const int BatchSize = 1000;
    private const int MaxItems = 1000;
    private const int MaxConflicts = 5;

    /// <summary>How long a call begins new batches.</summary>
    private static readonly TimeSpan WorkTime = TimeSpan.FromSeconds(20);

    [Function(nameof(UndoJob))]
    [Operation("Import jobs", "Undo an import job", BodyOptional = true, Description =
        "For a job that completed, failed or was cancelled within the last 30 days. Deletes the leads and contacts that the job created "
        + "and nobody has worked on since, and restores the values that it replaced and nobody has changed since. What it keeps is in "
        + "items, with the reason. A call works for about 20 seconds. If complete is false, send the request again: it goes on, and the "
        + "numbers are those of all calls. With dry_run, nothing changes; if complete is then false, send next_after as after and add up "
        + "the numbers. A job that was undone, or partly undone, cannot be retried.")]
    [Requires(Capability.ManageDataSources)]
    [Returns(200, typeof(UndoneJob))]
    [Problems("not_found", "import_job_state", "import_job_undo_expired")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/jobs/{jobId:guid}/undo")] HttpRequest request, Guid jobId) =>
        pipeline.RunAsync<UndoJob, UndoJobRequest>(request, async (call, input) =>
        {
            if (await ImportJobs.FindAsync(call.Read(), jobId, call.CancellationToken) is not { } job)
            {
                return Problems.NotFound;
            }
            if (RefusalOf(job, call.Now.UtcDateTime) is { } refusal)
            {
                return refusal;
            }
            if (input.DryRun && job.UndoneAt is null)
            {
                return ApiResults.Ok(await PreviewAsync(call, jobId, input.After));
            }
            var batch = await UndoAsync(call, job);
            if (batch.Outcome is "state" or "expired")
            {
                // Changed since it was read.
                return await ImportJobs.FindAsync(call.Read(), jobId, call.CancellationToken) is { } changed
                    ? RefusalOf(changed, call.Now.UtcDateTime) ?? Problems.ImportJobState
                    : Problems.NotFound;
            }
            var (items, next) = await ImportUndo.ListKeptAsync(call.Read(), jobId, input.After, MaxItems, call.CancellationToken);
            return ApiResults.Ok(new UndoneJob(
                batch.Reversed, batch.Contacts, batch.Restored, batch.Kept, items, batch.IsComplete, input.DryRun, next));
        });

    private static Problem? RefusalOf(ImportJobDetail job, DateTime now) => job switch
    {
        { UndoneAt: not null } => null,
        { EndedAt: null } => Problems.ImportJobState.Because($"The job is {job.Status}."),
        { EndedAt: var ended } when ended < now - ImportJobRules.Undoable => Problems.ImportJobUndoExpired,
        _ => null,
    };

    /// <summary>
    /// Undoes batch after batch until none is left or the time is over. Each is a transaction: what was committed stays, whatever happens
    /// next.
    /// </summary>
    private async Task<UndoneBatch> UndoAsync(Call call, ImportJobDetail job)
    {
        var started = clock.GetTimestamp();
        Guid? after = null;
        while (true)
        {
            var batch = await UndoBatchAsync(call, job, after);
            if (batch.Outcome != "undone" || batch.IsComplete || clock.GetElapsedTime(started) >= WorkTime)
            {
                return batch;
            }
            after = batch.LastId;
        }
    }

    /// <summary>Undoes one batch, again after a conflict with another session, which has rolled it back.</summary>
    private static async Task<UndoneBatch> UndoBatchAsync(Call call, ImportJobDetail job, Guid? after)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            try
            {
                var now = call.Now.UtcDateTime;
                await using var session = await call.WriteAsync();
                var batch = await ImportUndo.UndoAsync(
                    session, job.Id, after, BatchSize, now - ImportJobRules.Undoable, now, call.CancellationToken);
                if (batch.Outcome == "undone" && batch.IsComplete)
                {
                    await call.AuditAsync(session, "import_job.undo", "import_job", job.Id, job.OrganizationId, new
                    {
                        reversed = batch.Reversed,
                        contacts = batch.Contacts,
                        restored = batch.Restored,
                        kept = batch.Kept,
                    });
                }
                else if (batch.IsFirst)
                {
                    await call.AuditAsync(
                        session, "import_job.undo_started", "import_job", job.Id, job.OrganizationId, new { name = job.Name });
                }
                await session.CommitAsync();
                return batch;
            }
            catch (PostgresException e) when (
                conflicts < MaxConflicts && e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
            {
                // The same batch again.
            }
        }
    }

    private async Task<UndoneJob> PreviewAsync(Call call, Guid jobId, Guid? after)
    {
        var started = clock.GetTimestamp();
        var sum = new UndoneJob(0, 0, 0, 0, [], Complete: false, DryRun: true, after);
        do
        {
            var batch = await ImportUndo.PreviewAsync(
                call.Read(), jobId, sum.NextAfter, BatchSize, MaxItems - sum.Items.Count, call.CancellationToken);
            sum = sum with
            {
                Reversed = sum.Reversed + batch.Reversed,
                Contacts = sum.Contacts + batch.Contacts,
                Restored = sum.Restored + batch.Restored,
                Kept = sum.Kept + batch.Kept,
                Items = [.. sum.Items, .. batch.Items.Deserialize<List<KeptImport>>(JsonSerializerOptions.Web)!],
                Complete = batch.LastId is null,
                NextAfter = batch.LastId,
            };
        }
        while (!sum.Complete && clock.GetElapsedTime(started) < WorkTime);
        return sum;
    }
}

public sealed record UndoJobRequest
{
    /// <summary>Only report what would be undone and kept.</summary>
    public bool DryRun { get; init; }

    /// <summary>
    /// <c>next_after</c> of another response. In a dry run, what comes after it is counted; else, only items continue there.
    /// </summary>
    public Guid? After { get; init; }
}

/// <summary>What was undone, or would be.</summary>
/// <param name="Reversed">Leads that the job created and that were deleted.</param>
/// <param name="Contacts">Contacts that the job created and that were deleted with them.</param>
/// <param name="Restored">People whose contact or lead got back values that the job had replaced.</param>
/// <param name="Kept">How much was kept: all items, also those that are not in this response.</param>
/// <param name="Items">What was kept and why: at most those of 1,000 people.</param>
/// <param name="Complete">Whether nothing is left to undo.</param>
/// <param name="NextAfter">Send it as <c>after</c> to get further items, or to go on with a dry run; null if there is nothing more.</param>
public sealed record UndoneJob(
    long Reversed, long Contacts, long Restored, long Kept, IReadOnlyList<KeptImport> Items, bool Complete, bool DryRun, Guid? NextAfter);
