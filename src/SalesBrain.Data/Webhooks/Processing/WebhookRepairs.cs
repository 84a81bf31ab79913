using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Webhooks.Processing;

/// <summary>Queues logs for another attempt because a person asked.</summary>
public static class WebhookRepairs
{
    /// <summary>
    /// Queues failed and dead logs and, with <paramref name="force"/>, finished logs whose type is in <paramref name="repeatableTypes"/>.
    /// Returns a row per requested log, with the problem code if it was not queued. One statement for any number of ids. A tenant session
    /// finds only logs of its organization.
    /// </summary>
    public static Task<List<QueuedWebhook>> QueueAsync(
        DatabaseSession session, IReadOnlyCollection<Guid> logIds, bool force, string[] repeatableTypes, Guid actorId, DateTime now,
        CancellationToken cancellationToken) =>
        session.QueryAsync<QueuedWebhook>($"""
            with wanted as (
                select * from unnest(@ids, @createdAts) as w (id, created_at)
            ), found as (
                select l.id, l.created_at, l.organization_id, l.status, l.event_type, exists (
                    select from app.webhook_payload p
                    where p.organization_id = l.organization_id and p.created_at = l.created_at and p.log_id = l.id) as has_payload
                from wanted w
                join app.webhook_log l on l.created_at = w.created_at and l.id = w.id
                where {(session.OrganizationId is null ? "true" : "l.organization_id = @organizationId")}
                order by l.created_at, l.id
                for update of l
            ), judged as (
                select f.*, case
                    when f.status = 'pending' then 'webhook_already_queued'
                    when not f.has_payload then 'webhook_payload_gone'
                    when f.status in ('failed', 'dead') then null
                    when @force and f.event_type = any (@repeatableTypes) then null
                    else 'webhook_already_processed' end as refusal
                from found f
            ), queued as (
                update app.webhook_log l set
                    status = 'pending', due_at = @now, last_retry_at = @now, retry_count = l.retry_count + 1,
                    error_code = null, error_message = null, processed_at = null, processing_ms = null
                from judged j
                where j.refusal is null and l.organization_id = j.organization_id and l.created_at = j.created_at and l.id = j.id
            ), attempted as (
                insert into app.webhook_attempt (organization_id, log_id, log_created_at, kind, at, actor_id)
                select j.organization_id, j.id, j.created_at, 'retry_requested', @now, @actorId
                from judged j
                where j.refusal is null
            )
            select w.id as log_id, j.organization_id, j.status as previous_status,
                case when j.id is null then 'not_found' else j.refusal end as refusal
            from wanted w
            left join judged j on j.id = w.id
            """, new
        {
            ids = logIds.ToArray(),
            createdAts = logIds.Select(WebhookLogIds.CreatedAt).ToArray(),
            organizationId = session.OrganizationId,
            force,
            repeatableTypes,
            actorId,
            now,
        }, cancellationToken);

    /// <summary>The state of a log after an attempt.</summary>
    public static Task<T> GetStateAsync<T>(PlatformSession session, Guid organizationId, Guid logId, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<T>("""
            select id, status, error_code, error_message, retry_count, case when status = 'failed' then due_at end as next_retry_at, last_retry_at, processed_at
            from app.webhook_log
            where organization_id = @organizationId and created_at = @createdAt and id = @logId
            """, new { organizationId, logId, createdAt = WebhookLogIds.CreatedAt(logId) }, cancellationToken);
}

/// <summary>What became of one wanted retry.</summary>
public sealed record QueuedWebhook
{
    public Guid LogId { get; init; }

    /// <summary>Null when the log was not found.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>The status before; null when the log was not found.</summary>
    public string? PreviousStatus { get; init; }

    /// <summary>The code of the problem that kept it from being queued; null when it was queued.</summary>
    public string? Refusal { get; init; }
}
