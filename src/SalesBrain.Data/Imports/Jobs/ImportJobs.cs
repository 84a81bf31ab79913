using System.Text.Json;
using SalesBrain.Core.Paging;
using SalesBrain.Core.Values;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Imports.Jobs;

/// <summary>
/// Import jobs as people control them; each session finds those that its role reaches. Every change of the status is one update that names
/// the statuses it is possible in (a trigger refuses others), so parallel requests end in one status with one history.
/// </summary>
public static class ImportJobs
{
    private const string Columns = """
        j.id, j.organization_id, j.data_source_id, s.name as data_source_name, s.type as data_source_type, j.campaign_id, c.name as campaign_name,
        j.agency_id, j.client_id, j.name, j.parameters, j.status, j.requested, j.attempt, j.processed, j.total, j.created, j.updated, j.skipped, j.failed,
        j.credits, j.worked_ms, j.error_code, j.error_message, j.next_run_at, j.created_by, j.started_by, j.started_at, j.paused_at, j.completed_at,
        j.failed_at, j.cancelled_at, j.undo_started_at, j.undone_at, j.version, j.created_at, j.updated_at
        """;

    private const string Joins = """
        left join app.data_source s on s.organization_id = j.organization_id and s.id = j.data_source_id
        left join app.campaign c on c.organization_id = j.organization_id and c.id = j.campaign_id
        """;

    /// <summary>The source of the job is there and enabled, and stays so until the transaction ends.</summary>
    private const string UsableSource = "app.hold_data_source(j.organization_id, j.data_source_id)";

    /// <summary>The sort key of each order.</summary>
    public static SortKey KeyOf(ImportJobSort sort) => SortKey.Time(sort == ImportJobSort.UpdatedAt ? "updated_at" : "created_at");

    /// <summary>A page of the jobs that match, and how many match in all.</summary>
    public static Task<(List<ImportJob> Rows, BoundedCount Total)> ListAsync(
        DatabaseSession session, ImportJobFilter filter, PageStart start, CancellationToken cancellationToken) =>
        PageQuery.ReadAsync<ImportJob>(session, ListStatement(SessionScope.Of(session), filter, start), cancellationToken);

    internal static Statement ListStatement(SessionScope scope, ImportJobFilter filter, PageStart start)
    {
        const string Matches = """
            (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
            and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
            and (@DataSourceId::uuid is null or t.data_source_id = @DataSourceId) and (@CampaignId::uuid is null or t.campaign_id = @CampaignId)
            and (cardinality(@statuses) = 0 or t.status = any (@statuses))
            and (@CreatedFrom::timestamptz is null or t.created_at >= @CreatedFrom) and (@CreatedTo::timestamptz is null or t.created_at < @CreatedTo)
            """;
        var organizationId = scope.OrganizationId ?? filter.OrganizationId;
        return new PageQuery("import_job", Matches, start) { ReadsEachOrganization = organizationId is null }.ToStatement(
            Columns,
            $"""
            join app.import_job j on j.id = p.id
            {Joins}
            """,
            new
            {
                org = scope.OrganizationId,
                agency = scope.AgencyId,
                filter.OrganizationId,
                filter.DataSourceId,
                filter.CampaignId,
                statuses = filter.Statuses.Select(status => status.ToWireName()).ToArray(),
                filter.CreatedFrom,
                filter.CreatedTo,
            });
    }

    /// <summary>One job with its history; null if the session cannot see one with the id.</summary>
    public static Task<ImportJobDetail?> FindAsync(DatabaseSession session, Guid jobId, CancellationToken cancellationToken) =>
        session.QueryMultipleAsync(
            $"""
            select {Columns}
            from app.import_job j
            {Joins}
            where j.id = @jobId and (@org::uuid is null or j.organization_id = @org);

            select h.status, h.at, h.changed_by, h.code
            from app.import_job_state h
            join app.import_job j on j.organization_id = h.organization_id and j.id = h.job_id
            where j.id = @jobId and (@org::uuid is null or j.organization_id = @org)
            order by h.number
            """,
            new { jobId, org = session.OrganizationId },
            async (results, token) =>
            {
                var job = (await results.ReadAsync<ImportJobDetail>(token)).SingleOrDefault();
                var history = await results.ReadAsync<ImportJobState>(token);
                return job is null ? null : job with { History = history };
            },
            cancellationToken);

    /// <summary>
    /// Adds a pending job; false if its source was deleted meanwhile. Throws <see cref="Npgsql.PostgresException"/> if row-level security
    /// does not let the session add it.
    /// </summary>
    public static async Task<bool> AddAsync(DatabaseSession session, NewImportJob job, CancellationToken cancellationToken) =>
        await session.ExecuteAsync("""
            insert into app.import_job (
                id, organization_id, data_source_id, campaign_id, agency_id, client_id, name, parameters, file_id, created_by, changed_by, created_at,
                updated_at)
            select @Id, @OrganizationId, s.id, @CampaignId, @AgencyId, @ClientId, @Name, @Parameters, s.file_id, @CreatedBy, @CreatedBy, @CreatedAt,
                @CreatedAt
            from app.data_source s
            where s.organization_id = @OrganizationId and s.id = @DataSourceId and s.deleted_at is null
            """, job, cancellationToken) == 1;

    /// <summary>Pending to running. Returns whether the job changed.</summary>
    public static Task<bool> StartAsync(
        DatabaseSession session, Guid jobId, Guid userId, DateTime now, CancellationToken cancellationToken) =>
        ChangeAsync(
            session, jobId, userId, now, "status = 'running', started_by = @userId", $"j.status = 'pending' and {UsableSource}",
            cancellationToken);

    /// <summary>
    /// Paused to running, from its cursor; withdraws a pause that no worker has made yet. Returns whether the job changed.
    /// </summary>
    public static Task<bool> ResumeAsync(
        DatabaseSession session, Guid jobId, Guid userId, DateTime now, CancellationToken cancellationToken) =>
        ChangeAsync(
            session, jobId, userId, now, "status = 'running', requested = null, requested_by = null",
            $"(j.status = 'paused' and {UsableSource}) or (j.status = 'running' and j.requested = 'pause')", cancellationToken);

    /// <summary>Failed to running, from its cursor, unless undoing it has begun. Returns whether the job changed.</summary>
    public static Task<bool> RetryAsync(
        DatabaseSession session, Guid jobId, Guid userId, DateTime now, CancellationToken cancellationToken) =>
        ChangeAsync(
            session, jobId, userId, now, "status = 'running', started_by = @userId",
            $"j.status = 'failed' and j.undo_started_at is null and {UsableSource}", cancellationToken);

    /// <summary>
    /// Running to paused: at once if no worker has a live lease, else the worker is asked to do it after its page. A cancellation that was
    /// asked for stays. Returns whether the job changed.
    /// </summary>
    public static Task<bool> PauseAsync(
        DatabaseSession session, Guid jobId, Guid userId, DateTime now, CancellationToken cancellationToken) =>
        ChangeAsync(
            session, jobId, userId, now,
            """
            status = case when j.lease_until > @now then 'running' when j.requested = 'cancel' then 'cancelled' else 'paused' end,
            requested = case when j.lease_until > @now then coalesce(j.requested, 'pause') end,
            requested_by = case when j.lease_until > @now then coalesce(j.requested_by, @userId) end
            """,
            "j.status = 'running'", cancellationToken);

    /// <summary>
    /// Pending, paused or running to cancelled: at once if no worker has a live lease, else the worker is asked to do it after its page.
    /// Returns whether the job changed.
    /// </summary>
    public static Task<bool> CancelAsync(
        DatabaseSession session, Guid jobId, Guid userId, DateTime now, CancellationToken cancellationToken) =>
        ChangeAsync(
            session, jobId, userId, now,
            """
            status = case when j.lease_until > @now then 'running' else 'cancelled' end,
            requested = case when j.lease_until > @now then 'cancel' end,
            requested_by = case when j.lease_until > @now then case when j.requested = 'cancel' then j.requested_by else @userId end end
            """,
            "j.status in ('pending', 'paused', 'running')", cancellationToken);

    private static async Task<bool> ChangeAsync(
        DatabaseSession session, Guid jobId, Guid userId, DateTime now, string changes, string condition, CancellationToken cancellationToken) =>
        await session.ExecuteAsync($"""
            update app.import_job j set {changes}, changed_by = @userId, updated_at = @now
            where j.id = @jobId and (@org::uuid is null or j.organization_id = @org) and ({condition})
            """, new { jobId, org = session.OrganizationId, userId, now }, cancellationToken) == 1;
}

/// <summary>A job to be added.</summary>
public sealed record NewImportJob
{
    public required Guid Id { get; init; }
    public required Guid OrganizationId { get; init; }
    public required Guid DataSourceId { get; init; }
    public Guid? CampaignId { get; init; }
    public Guid? AgencyId { get; init; }
    public Guid? ClientId { get; init; }
    public required string Name { get; init; }

    /// <summary><see cref="SalesBrain.Core.Imports.ImportParameters"/>.</summary>
    public required JsonElement Parameters { get; init; }
    public required Guid CreatedBy { get; init; }
    public required DateTime CreatedAt { get; init; }
}
