using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Webhooks.Retention;

/// <summary>
/// Deletes old logs with their payloads and attempts, in batches. Activities stay: they are facts about contacts. Pending logs are never
/// deleted, whatever is asked.
/// </summary>
public static class WebhookCleanup
{
    /// <summary>What a cleanup would delete, by status.</summary>
    public static Task<List<CleanupCount>> CountAsync(
        DatabaseSession session, CleanupScope scope, CancellationToken cancellationToken) =>
        session.QueryAsync<CleanupCount>($"""
            select l.status, count(*) as count, min(l.created_at) as oldest,
                sum(pg_column_size(l.*) + coalesce(octet_length(p.body), 0)) as bytes
            from app.webhook_log l
            left join app.webhook_payload p
                on p.organization_id = l.organization_id and p.created_at = l.created_at and p.log_id = l.id
            where {Condition(scope)}
            group by l.status
            """, scope, cancellationToken);

    /// <summary>
    /// Deletes at most <paramref name="limit"/> of the oldest logs and returns their numbers by status. Empty if none were left.
    /// </summary>
    public static Task<List<CleanupCount>> DeleteBatchAsync(
        DatabaseSession session, CleanupScope scope, int limit, CancellationToken cancellationToken) =>
        session.QueryAsync<CleanupCount>($"""
            with doomed as (
                select l.organization_id, l.created_at, l.id
                from app.webhook_log l
                where {Condition(scope)}
                    -- Before the payloads: retention deletes them in another order. Cleanups and erasures have different logs.
                    and (select true from pg_advisory_xact_lock_shared(hashtext('app.webhook_payload')))
                order by l.created_at, l.id
                limit @limit
                for update skip locked
            ), log as (
                delete from app.webhook_log l using doomed d
                where l.organization_id = d.organization_id and l.created_at = d.created_at and l.id = d.id
                returning l.organization_id, l.created_at, l.id, l.status, pg_column_size(l.*) as bytes
            ), payload as (
                delete from app.webhook_payload p using doomed d
                where p.organization_id = d.organization_id and p.created_at = d.created_at and p.log_id = d.id
                returning p.log_id, p.organization_id, p.created_at, p.delivery_id, octet_length(p.body) as bytes
            ), delivery as (
                -- Of which no other payload is left. What two cleanups at once leave, retention deletes.
                delete from app.webhook_delivery v using (
                    select distinct p.organization_id, p.created_at, p.delivery_id from payload p where p.delivery_id is not null) g
                where v.organization_id = g.organization_id and v.created_at = g.created_at and v.id = g.delivery_id and not exists (
                    select from app.webhook_payload p
                    where p.organization_id = g.organization_id and p.created_at = g.created_at and p.delivery_id = g.delivery_id
                        and p.log_id not in (select d.id from doomed d))
            ), attempt as (
                delete from app.webhook_attempt a using doomed d
                where a.organization_id = d.organization_id and a.log_id = d.id
            )
            select log.status, count(*) as count, min(log.created_at) as oldest, sum(log.bytes + coalesce(payload.bytes, 0)) as bytes
            from log
            left join payload on payload.log_id = log.id
            group by log.status
            """, new { scope.OrganizationId, scope.Before, scope.Statuses, limit }, cancellationToken);

    private static string Condition(CleanupScope scope) =>
        "l.created_at < @Before and l.status = any (@Statuses) and l.status <> 'pending'"
        + (scope.OrganizationId is null ? "" : " and l.organization_id = @OrganizationId");
}

/// <summary>Which logs: of one organization or (platform only) of all, received before a time, in one of the statuses.</summary>
public sealed record CleanupScope(Guid? OrganizationId, DateTime Before, string[] Statuses);

/// <summary>Logs of one status.</summary>
public sealed record CleanupCount
{
    public string Status { get; init; } = "";
    public long Count { get; init; }
    public DateTime Oldest { get; init; }

    /// <summary>Size of the rows and their payloads before compression.</summary>
    public long Bytes { get; init; }
}
