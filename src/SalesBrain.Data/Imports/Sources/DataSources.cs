using SalesBrain.Core.Paging;
using SalesBrain.Core.Values;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Imports.Sources;

/// <summary>
/// Data sources as people manage them; each session finds those that its role reaches. Deleted ones are not there any more.
/// </summary>
public static class DataSources
{
    private const string Columns = """
        s.id, s.organization_id, s.agency_id, s.name, s.type, s.status, s.config, s.credentials_sealed is not null as has_credentials, s.credentials_last4,
        s.requests_per_minute, s.file_id, s.tested_at, s.test_ok, s.test_code, s.test_message, s.test_latency_ms, s.jobs_total, s.jobs_completed,
        s.jobs_failed, s.leads_created, s.leads_updated, s.last_job_at, s.created_by, s.version, s.created_at, s.updated_at
        """;

    /// <summary>The sort key of each order.</summary>
    public static SortKey KeyOf(DataSourceSort sort) => sort switch
    {
        DataSourceSort.Type => SortKey.Text("type"),
        DataSourceSort.Status => SortKey.Text("status"),
        DataSourceSort.CreatedAt => SortKey.Time("created_at"),
        DataSourceSort.LastJobAt => SortKey.Time("last_job_at", isOptional: true),
        _ => SortKey.Text("sort_name"),
    };

    /// <summary>A page of the sources that match, and how many match in all.</summary>
    public static Task<(List<DataSource> Rows, BoundedCount Total)> ListAsync(
        DatabaseSession session, DataSourceFilter filter, PageStart start, CancellationToken cancellationToken) =>
        PageQuery.ReadAsync<DataSource>(session, ListStatement(SessionScope.Of(session), filter, start), cancellationToken);

    internal static Statement ListStatement(SessionScope scope, DataSourceFilter filter, PageStart start)
    {
        const string Matches = """
            t.deleted_at is null
            and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id is null or t.agency_id = @agency)
            and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
            and (cardinality(@types) = 0 or t.type = any (@types)) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
            """;
        var organizationId = scope.OrganizationId ?? filter.OrganizationId;
        var finder = Finder.OfTerm(filter.Search, "data_source", scope, organizationId);
        return new PageQuery("data_source", Matches, start, finder) { ReadsEachOrganization = organizationId is null }.ToStatement(
            Columns,
            "join app.data_source s on s.id = p.id",
            new
            {
                org = scope.OrganizationId,
                agency = scope.AgencyId,
                filter.OrganizationId,
                types = filter.Types.Select(type => type.ToWireName()).ToArray(),
                statuses = filter.Statuses.Select(status => status.ToWireName()).ToArray(),
            });
    }

    /// <summary>One source; null if the session cannot see one with the id.</summary>
    public static Task<DataSource?> FindAsync(DatabaseSession session, Guid sourceId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<DataSource>($"""
            select {Columns}
            from app.data_source s
            where s.id = @sourceId and s.deleted_at is null and (@org::uuid is null or s.organization_id = @org)
            """, new { sourceId, org = session.OrganizationId }, cancellationToken);

    /// <summary>
    /// Locks one source until the transaction ends; null if the session cannot change one with the id. Starting a job waits for the lock
    /// (it locks the source for key share), finishing one as well.
    /// </summary>
    public static Task<DataSource?> LockAsync(DatabaseSession session, Guid sourceId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<DataSource>($"""
            select {Columns}
            from app.data_source s
            where s.id = @sourceId and s.deleted_at is null and (@org::uuid is null or s.organization_id = @org)
            for update
            """, new { sourceId, org = session.OrganizationId }, cancellationToken);

    /// <summary>The sealed credentials; null if the source has none, or the session cannot see it.</summary>
    public static Task<byte[]?> FindCredentialsAsync(
        DatabaseSession session, Guid organizationId, Guid sourceId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<byte[]>("""
            select s.credentials_sealed from app.data_source s
            where s.organization_id = @organizationId and s.id = @sourceId and s.deleted_at is null
            """, new { organizationId, sourceId }, cancellationToken);

    /// <summary>
    /// Adds a source. Throws <see cref="Npgsql.PostgresException"/> with constraint <c>data_source_organization_id_fkey</c> or
    /// <c>data_source_agency_fkey</c> if there is no such organization or agency.
    /// </summary>
    public static Task AddAsync(
        DatabaseSession session, DataSource source, byte[]? credentialsSealed, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            insert into app.data_source (
                id, organization_id, agency_id, name, type, status, config, credentials_sealed, credentials_last4, requests_per_minute, created_by,
                created_at, updated_at)
            values (
                @Id, @OrganizationId, @AgencyId, @Name, @Type, @Status, @Config, @credentialsSealed, @CredentialsLast4, @RequestsPerMinute, @CreatedBy,
                @CreatedAt, @UpdatedAt)
            """, new
        {
            source.Id,
            source.OrganizationId,
            source.AgencyId,
            source.Name,
            source.Type,
            source.Status,
            source.Config,
            credentialsSealed,
            source.CredentialsLast4,
            source.RequestsPerMinute,
            source.CreatedBy,
            source.CreatedAt,
            source.UpdatedAt,
        }, cancellationToken);

    /// <summary>Writes what may change of a locked source. The credentials stay unless <paramref name="replacesCredentials"/>.</summary>
    public static Task UpdateAsync(
        DatabaseSession session, DataSource source, bool replacesCredentials, byte[]? credentialsSealed, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            update app.data_source s set
                name = @Name,
                status = @Status,
                config = @Config,
                credentials_sealed = case when @replacesCredentials then @credentialsSealed else s.credentials_sealed end,
                credentials_last4 = @CredentialsLast4,
                requests_per_minute = @RequestsPerMinute,
                updated_at = @UpdatedAt
            where s.organization_id = @OrganizationId and s.id = @Id
            """, new
        {
            source.OrganizationId,
            source.Id,
            source.Name,
            source.Status,
            source.Config,
            replacesCredentials,
            credentialsSealed,
            source.CredentialsLast4,
            source.RequestsPerMinute,
            source.UpdatedAt,
        }, cancellationToken);

    /// <summary>How many jobs of a locked source are running or paused.</summary>
    public static Task<int> CountActiveJobsAsync(DatabaseSession session, DataSource source, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<int>("""
            select count(*)::integer from app.import_job j
            where j.organization_id = @OrganizationId and j.data_source_id = @Id and j.status in ('running', 'paused')
            """, new { source.OrganizationId, source.Id }, cancellationToken);

    /// <summary>Marks a locked source as deleted and removes its credentials. Its jobs and leads keep its name.</summary>
    public static Task DeleteAsync(DatabaseSession session, DataSource source, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            update app.data_source s set
                credentials_sealed = null, credentials_last4 = null, config = '{}', updated_at = @now, deleted_at = @now
            where s.organization_id = @OrganizationId and s.id = @Id
            """, new { source.OrganizationId, source.Id, now }, cancellationToken);
}
