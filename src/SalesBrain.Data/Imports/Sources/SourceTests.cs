using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Imports.Sources;

/// <summary>Connection tests of data sources: how often, and with which result.</summary>
public static class SourceTests
{
    /// <summary>
    /// Counts a test of a locked source. Returns null, or when the next one is possible if there were too many within a minute.
    /// </summary>
    public static Task<DateTime?> TakeAsync(
        DatabaseSession session, DataSource source, DateTime now, int perMinute, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<DateTime?>("""
            with recent as (
                select coalesce(array_agg(t order by t), '{}') as at
                from app.data_source s, unnest(s.tests_at) t
                where s.organization_id = @OrganizationId and s.id = @Id and t > @now - interval '1 minute'),
            counted as (
                update app.data_source s set tests_at = recent.at || @now::timestamptz
                from recent
                where s.organization_id = @OrganizationId and s.id = @Id and cardinality(recent.at) < @perMinute)
            select case when cardinality(recent.at) >= @perMinute then recent.at[1] + interval '1 minute' end from recent
            """, new { source.OrganizationId, source.Id, now, perMinute }, cancellationToken);

    /// <summary>Stores a result, unless the settings or the credentials changed during the test.</summary>
    public static Task StoreAsync(
        DatabaseSession session, DataSource tested, byte[]? credentialsSealed, SourceTestResult result, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            update app.data_source s set
                tested_at = @At, test_ok = @Ok, test_code = @Code, test_message = @Message, test_latency_ms = @LatencyMs,
                status = case when s.status = 'disabled' then s.status when @Ok then 'active' else 'error' end
            where s.organization_id = @OrganizationId and s.id = @Id and s.deleted_at is null
                and s.config = @Config and s.credentials_sealed is not distinct from @credentialsSealed and s.file_id is not distinct from @FileId
            """, new
        {
            tested.OrganizationId,
            tested.Id,
            tested.Config,
            tested.FileId,
            credentialsSealed,
            result.At,
            result.Ok,
            result.Code,
            result.Message,
            result.LatencyMs,
        }, cancellationToken);
}
