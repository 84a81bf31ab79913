using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Webhooks.Retention;

/// <summary>
/// Deletes data past its retention: whole months by dropping their partitions, the rest in small batches, each in its own transaction.
/// Pending and failed logs and their payloads stay, whatever their age. The deletes wait for nobody who deletes the same rows in another
/// order; what cannot be deleted now is deleted by a later run.
/// </summary>
public static class WebhookRetention
{
    /// <summary>
    /// Whether nobody else deletes payloads and headers of deliveries now: another retention, a cleanup (<see cref="WebhookCleanup"/>) or an
    /// erasure (app.forget_webhook_logs). They delete in different orders, and no login may lock these rows, because none may change them.
    /// </summary>
    private const string IsOnlyOne = "(select pg_try_advisory_xact_lock(hashtext('app.webhook_payload')))";

    /// <summary>The first day of each month that a month-partitioned table has a partition for, oldest first.</summary>
    public static Task<List<DateTime>> GetMonthsAsync(PlatformSession session, string table, CancellationToken cancellationToken) =>
        session.QueryAsync<DateTime>("""
            select to_timestamp(right(c.relname, 7) || '_01 00:00+00', 'YYYY_MM_DD HH24:MITZH') as month
            from pg_catalog.pg_inherits i
            join pg_catalog.pg_class c on c.oid = i.inhrelid
            where i.inhparent = ('app.' || @table)::regclass
            order by month
            """, new { table }, cancellationToken);

    /// <summary>Whether a month has logs that its payloads must be kept for.</summary>
    public static Task<bool> HasUnfinishedAsync(PlatformSession session, DateTime month, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<bool>("""
            select exists (
                select from app.webhook_log
                where created_at >= @month and created_at < @next and status in ('pending', 'failed'))
            """, new { month, next = month.AddMonths(1) }, cancellationToken);

    /// <summary>
    /// Whether a month has logs other than processed and ignored ones, and dead ones where <paramref name="keepDead"/> is false.
    /// </summary>
    public static Task<bool> HasKeptAsync(PlatformSession session, DateTime month, bool keepDead, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<bool>("""
            select exists (
                select from app.webhook_log
                where created_at >= @month and created_at < @next and status <> 'processed'
                    and (status in ('pending', 'failed') or (status = 'dead' and @keepDead)))
            """, new { month, next = month.AddMonths(1), keepDead }, cancellationToken);

    /// <summary>Drops a month's partition; false if it does not exist. Fails with <c>55P03</c> instead of blocking traffic.</summary>
    public static Task<bool> DropMonthAsync(PlatformSession session, string table, DateTime month, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<bool>("select app.drop_month_partition(@table, @month)", new { table, month }, cancellationToken);

    /// <summary>
    /// Deletes at most <paramref name="limit"/> payloads from before a time whose logs no longer need them, and returns their number.
    /// </summary>
    public static Task<int> DeletePayloadsAsync(PlatformSession session, DateTime before, int limit, CancellationToken cancellationToken) =>
        session.ExecuteAsync($"""
            delete from app.webhook_payload p
            using (
                select p.organization_id, p.created_at, p.log_id
                from app.webhook_payload p
                where p.created_at < @before and {IsOnlyOne} and not exists (
                    select from app.webhook_log l
                    where l.organization_id = p.organization_id and l.created_at = p.created_at and l.id = p.log_id
                        and l.status in ('pending', 'failed'))
                limit @limit
            ) doomed
            where p.organization_id = doomed.organization_id and p.created_at = doomed.created_at and p.log_id = doomed.log_id
            """, new { before, limit }, cancellationToken);

    /// <summary>
    /// Deletes at most <paramref name="limit"/> headers of deliveries from before a time that have no payload left, and returns their
    /// number.
    /// </summary>
    public static Task<int> DeleteDeliveriesAsync(
        PlatformSession session, DateTime before, int limit, CancellationToken cancellationToken) =>
        session.ExecuteAsync($"""
            delete from app.webhook_delivery v
            using (
                select v.organization_id, v.created_at, v.id
                from app.webhook_delivery v
                where v.created_at < @before and {IsOnlyOne} and not exists (
                    select from app.webhook_payload p
                    where p.organization_id = v.organization_id and p.created_at = v.created_at and p.delivery_id = v.id)
                limit @limit
            ) doomed
            where v.organization_id = doomed.organization_id and v.created_at = doomed.created_at and v.id = doomed.id
            """, new { before, limit }, cancellationToken);

    /// <summary>Deletes at most <paramref name="limit"/> counts of rejections of hours before a time.</summary>
    public static Task<int> DeleteRejectionCountsAsync(
        PlatformSession session, DateTime before, int limit, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            delete from app.webhook_rejection_count
            where (organization_id, endpoint_id, hour) in (
                select organization_id, endpoint_id, hour from app.webhook_rejection_count where hour < @before limit @limit for update skip locked)
            """, new { before, limit }, cancellationToken);

    /// <summary>
    /// Deletes at most <paramref name="limit"/> receipts from before a time. Equal events received later are then not recognized as
    /// duplicates.
    /// </summary>
    public static Task<int> DeleteReceiptsAsync(PlatformSession session, DateTime before, int limit, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            delete from app.webhook_receipt
            where (organization_id, key) in (
                select organization_id, key from app.webhook_receipt where log_created_at < @before limit @limit for update skip locked)
            """, new { before, limit }, cancellationToken);

    /// <summary>Deletes at most <paramref name="limit"/> attempts from before a time whose logs were deleted.</summary>
    public static Task<int> DeleteAttemptsAsync(PlatformSession session, DateTime before, int limit, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            -- In the order of their place: attempts never change.
            delete from app.webhook_attempt
            where ctid = any (array(
                select a.ctid
                from app.webhook_attempt a
                where a.log_created_at < @before and not exists (
                    select from app.webhook_log l
                    where l.organization_id = a.organization_id and l.created_at = a.log_created_at and l.id = a.log_id)
                limit @limit))
            """, new { before, limit }, cancellationToken);

    /// <summary>Deletes at most <paramref name="limit"/> rejections from before a time.</summary>
    public static Task<int> DeleteRejectionsAsync(
        PlatformSession session, DateTime before, int limit, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            delete from app.webhook_rejection
            where (organization_id, id) in (
                select organization_id, id from app.webhook_rejection where created_at < @before order by created_at limit @limit
                for update skip locked)
            """, new { before, limit }, cancellationToken);
}
