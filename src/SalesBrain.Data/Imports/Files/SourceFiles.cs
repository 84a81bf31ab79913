using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Imports.Files;

/// <summary>The files that users uploaded to data sources.</summary>
public static class SourceFiles
{
    /// <summary>
    /// Adds a file, which jobs created from now on read. The session holds the data source's lock, or has added the data source.
    /// </summary>
    public static Task AddAsync(DatabaseSession session, NewSourceFile file, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            insert into app.data_source_file (id, organization_id, data_source_id, agency_id, name, size_bytes, rows, sha256, created_by, created_at)
            values (@Id, @OrganizationId, @DataSourceId, @AgencyId, @Name, @SizeBytes, @Rows, @Sha256, @CreatedBy, @CreatedAt);

            update app.data_source s set
                file_id = @Id,
                status = case s.status when 'disabled' then s.status else 'untested' end,
                updated_at = @CreatedAt
            where s.organization_id = @OrganizationId and s.id = @DataSourceId
            """, file, cancellationToken);

    /// <summary>Files that no job has used since a time, and none is using, oldest first.</summary>
    public static Task<List<ExpiredFile>> FindExpiredAsync(
        DatabaseSession session, DateTime before, int limit, CancellationToken cancellationToken) =>
        session.QueryAsync<ExpiredFile>("""
            select f.organization_id, f.id, f.data_source_id
            from app.data_source_file f
            where f.deleted_at is null and f.created_at < @before and not exists (
                select from app.import_job j
                where j.organization_id = f.organization_id and j.file_id = f.id and (j.status in ('running', 'paused') or j.updated_at >= @before))
            order by f.created_at, f.id
            limit @limit
            """, new { before, limit }, cancellationToken);

    /// <summary>
    /// Marks a file as deleted if no job has used it since; returns whether it did. A job that is being created waits for the data source's
    /// lock.
    /// </summary>
    public static async Task<bool> DeleteAsync(
        PlatformSession session, ExpiredFile file, DateTime before, DateTime now, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(
            "select from app.data_source s where s.organization_id = @OrganizationId and s.id = @DataSourceId for update", file,
            cancellationToken);
        return await session.QuerySingleAsync<int>("""
            with gone as (
                update app.data_source_file f set deleted_at = @now
                where f.organization_id = @OrganizationId and f.id = @Id and f.deleted_at is null and not exists (
                    select from app.import_job j
                    where j.organization_id = f.organization_id and j.file_id = f.id and (j.status in ('running', 'paused') or j.updated_at >= @before))
                returning f.id),
            unset as (
                update app.data_source s set file_id = null, updated_at = @now
                from gone
                where s.organization_id = @OrganizationId and s.id = @DataSourceId and s.file_id = gone.id)
            select count(*)::integer from gone
            """, new { file.OrganizationId, file.Id, file.DataSourceId, before, now }, cancellationToken) == 1;
    }
}

/// <summary>An uploaded file.</summary>
public sealed record NewSourceFile
{
    public required Guid Id { get; init; }
    public required Guid OrganizationId { get; init; }
    public required Guid DataSourceId { get; init; }
    public required Guid? AgencyId { get; init; }
    public required string Name { get; init; }
    public required long SizeBytes { get; init; }
    public required long Rows { get; init; }
    public required string Sha256 { get; init; }
    public required Guid? CreatedBy { get; init; }
    public required DateTime CreatedAt { get; init; }
}

/// <summary>A file that is not needed any more.</summary>
public sealed record ExpiredFile
{
    public Guid OrganizationId { get; init; }
    public Guid Id { get; init; }
    public Guid DataSourceId { get; init; }
}
