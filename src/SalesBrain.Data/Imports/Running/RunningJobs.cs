using System.Text.Json;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Imports.Running;

/// <summary>
/// Import jobs as workers hold them. A worker claims a job for a limited time (its lease) and gets a number (the fence) that each of its
/// writes names: when the lease has expired and another worker has the job, or the status has changed, the write changes nothing.
/// </summary>
public static class RunningJobs
{
    /// <summary>
    /// Claims the job that is next; null if none is due. Organizations with the fewest claimed jobs come first, among them the one whose
    /// turn is longest ago, then the job that has waited longest. Claims are made one after the other, so that no organization gets more
    /// than <paramref name="perOrganization"/>.
    /// </summary>
    public static async Task<ClaimedJob?> ClaimAsync(
        SalesBrainDatabase database, Guid owner, int perOrganization, DateTime now, DateTime leaseUntil, CancellationToken cancellationToken)
    {
        await using var session = await database.WritePlatformAsync(cancellationToken);
        // A session for each: the second statement has to see what the claims before it have committed.
        await session.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('app.claim_import_job', 0))", null, cancellationToken);
        var claimed = await session.QuerySingleOrDefaultAsync<ClaimedJob>("""
            with busy as materialized (
                select j.organization_id, count(*) as jobs
                from app.import_job j
                where j.status = 'running' and j.lease_until > @now
                group by j.organization_id
            ), ready as materialized (
                select distinct on (j.organization_id) j.organization_id, j.id, j.waiting_since, coalesce(b.jobs, 0) as jobs
                from app.import_job j
                left join busy b on b.organization_id = j.organization_id
                where j.status = 'running' and (j.lease_until is null or j.lease_until <= @now) and (j.next_run_at is null or j.next_run_at <= @now)
                    and coalesce(b.jobs, 0) < @perOrganization
                order by j.organization_id, j.waiting_since, j.id
            ), next as (
                select j.organization_id, j.id
                from ready r
                join app.import_job j on j.organization_id = r.organization_id and j.id = r.id
                order by r.jobs,
                    (select max(c.claimed_at) from app.import_job c where c.organization_id = r.organization_id and c.claimed_at is not null) nulls first,
                    r.waiting_since, r.id
                limit 1
                for no key update of j skip locked
            )
            update app.import_job j set
                lease_owner = @owner, lease_until = @leaseUntil, fence = j.fence + 1, claimed_at = @now, next_run_at = null
            from next n
            join app.data_source s on s.organization_id = n.organization_id
            where j.organization_id = n.organization_id and j.id = n.id and s.id = j.data_source_id
            returning j.id, j.organization_id, j.fence, j.data_source_id, j.requested, j.cursor #>> '{}' as cursor, j.attempt, j.processed, j.credits,
                j.parameters, j.file_id, s.name as data_source_name, s.type as data_source_type, s.config, s.credentials_sealed, s.requests_per_minute,
                s.status = 'disabled' or s.deleted_at is not null as is_disabled
            """, new { owner, perOrganization, now, leaseUntil }, cancellationToken);
        if (claimed is not null)
        {
            await session.CommitAsync();
        }
        return claimed;
    }

    /// <summary>
    /// Writes a page, in one transaction and one statement. Null: the worker has lost the job. Throws
    /// <see cref="Npgsql.PostgresException"/> after a conflict with another session, when the same page can be written again.
    /// </summary>
    public static Task<AppliedPage?> ApplyPageAsync(
        SalesBrainDatabase database, ClaimedJob job, string page, DateTime leaseUntil, DateTime now, CancellationToken cancellationToken) =>
        database.AutoCommitPlatform().QuerySingleOrDefaultAsync<AppliedPage>("""
            select p.status, p.queued from app.apply_import_page(@Id, @Fence, @page::jsonb, @leaseUntil, @now) p
            """, new { job.Id, job.Fence, page, leaseUntil, now }, cancellationToken);

    /// <summary>
    /// Ends the hold of a job without a page. Returns the status that the job has then; null if the worker has lost the job.
    /// </summary>
    public static Task<string?> GiveBackAsync(
        SalesBrainDatabase database, ClaimedJob job, JobReturn reason, DateTime now, CancellationToken cancellationToken) =>
        database.AutoCommitPlatform().QuerySingleOrDefaultAsync<string>("""
            select app.give_back_import_job(@Id, @Fence, @Outcome, @Code, @Message, @Attempt, @NextRunAt, @now)
            """, new { job.Id, job.Fence, reason.Outcome, reason.Code, reason.Message, reason.Attempt, reason.NextRunAt, now }, cancellationToken);

    /// <summary>
    /// Takes the next turn of a source that takes <paramref name="interval"/> between two requests. Returns null if the request may be sent
    /// now, else when to ask again.
    /// </summary>
    public static async Task<DateTime?> TakeTurnAsync(
        SalesBrainDatabase database, ClaimedJob job, TimeSpan interval, DateTime now, CancellationToken cancellationToken)
    {
        var taken = await database.AutoCommitPlatform().ExecuteAsync("""
            update app.data_source s set next_request_at = @now + @interval
            where s.organization_id = @OrganizationId and s.id = @DataSourceId and (s.next_request_at is null or s.next_request_at <= @now)
            """, new { job.OrganizationId, job.DataSourceId, now, interval }, cancellationToken);
        return taken == 1
            ? null
            : await database.ReadPlatform().QuerySingleOrDefaultAsync<DateTime?>("""
                select s.next_request_at from app.data_source s where s.organization_id = @OrganizationId and s.id = @DataSourceId
                """, new { job.OrganizationId, job.DataSourceId }, cancellationToken);
    }
}

/// <summary>A job that a worker has, with what it needs of the source.</summary>
public sealed record ClaimedJob
{
    public Guid Id { get; init; }
    public Guid OrganizationId { get; init; }
    public long Fence { get; init; }
    public Guid DataSourceId { get; init; }
    public string? Requested { get; init; }
    public string? Cursor { get; init; }
    public int Attempt { get; init; }
    public long Processed { get; init; }
    public long Credits { get; init; }
    public JsonElement Parameters { get; init; }
    public Guid? FileId { get; init; }
    public string DataSourceName { get; init; } = "";
    public string DataSourceType { get; init; } = "";
    public JsonElement Config { get; init; }
    public byte[]? CredentialsSealed { get; init; }
    public int? RequestsPerMinute { get; init; }

    /// <summary>Whether the source was disabled or deleted.</summary>
    public bool IsDisabled { get; init; }
}

/// <summary>What became of a job with a page.</summary>
public sealed record AppliedPage
{
    public string Status { get; init; } = "";

    /// <summary>How many new contacts wait for assignment.</summary>
    public int Queued { get; init; }
}

/// <summary>Why a worker ends its hold of a job.</summary>
/// <param name="Outcome"><c>wait</c>, <c>fail</c> or <c>pause</c>.</param>
/// <param name="Code">The error; null for none.</param>
/// <param name="Attempt">The failed attempts of the page; null: unchanged.</param>
/// <param name="NextRunAt">When the job goes on; null: as soon as a worker takes it.</param>
public sealed record JobReturn(string Outcome, string? Code = null, string? Message = null, int? Attempt = null, DateTime? NextRunAt = null)
{
    /// <summary>The slice is over, or the process ends: no error, and no attempt.</summary>
    public static JobReturn EndOfSlice { get; } = new("wait");
}
