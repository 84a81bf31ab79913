using SalesBrain.Core.Webhooks.Events.Sources;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Webhooks.Processing;

/// <summary>Queues logs for another attempt because a person asked.</summary>
public static class WebhookRepairs
{
    /// <summary>
    /// Queues failed and dead logs, and ignored logs that may be read differently now: their endpoint's reading settings changed after they
    /// were read, or they are in <paramref name="readable"/>. With <paramref name="force"/> it also queues all ignored logs, and processed
    /// logs whose type is in <paramref name="repeatableTypes"/>. Returns a row per requested log, with the problem code if it was not
    /// queued. One statement for any number of ids. A tenant session finds only logs of its organization.
    /// </summary>
    public static Task<List<QueuedWebhook>> QueueAsync(
        DatabaseSession session, IReadOnlyCollection<Guid> logIds, IReadOnlyCollection<Guid> readable, bool force, string[] repeatableTypes,
        Guid actorId, DateTime now, CancellationToken cancellationToken) =>
        session.QueryAsync<QueuedWebhook>($"""
            with wanted as (
                select * from unnest(@ids, @createdAts) as w (id, created_at)
            ), found as (
                select l.id, l.created_at, l.organization_id, l.status, l.event_type, exists (
                    select from app.webhook_payload p
                    where p.organization_id = l.organization_id and p.created_at = l.created_at and p.log_id = l.id) as has_payload,
                    -- A delivery may have been read with the settings from before a change that was just being made.
                    l.status = 'ignored' and (l.id = any (@readable) or exists (
                        select from app.webhook_endpoint e
                        where e.organization_id = l.organization_id and e.id = l.endpoint_id
                            and e.reading_changed_at > greatest(l.created_at, l.last_retry_at) - interval '1 minute')) as is_read_differently
                from wanted w
                join app.webhook_log l on l.created_at = w.created_at and l.id = w.id
                where {(session.OrganizationId is null ? "true" : "l.organization_id = @organizationId")}
                order by l.created_at, l.id
                for update of l
            ), judged as (
                select f.*, case
                    when f.status = 'pending' then 'webhook_already_queued'
                    when not f.has_payload then 'webhook_payload_gone'
                    when f.status in ('failed', 'dead') or f.is_read_differently then null
                    -- An ignored log has had no effect that could be repeated.
                    when @force and f.status = 'ignored' then null
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
            readable = readable.ToArray(),
            force,
            repeatableTypes,
            actorId,
            now,
        }, cancellationToken);

    /// <summary>
    /// How the ignored ones among these logs were named by their senders. A tenant session finds only logs of its organization.
    /// </summary>
    public static Task<List<IgnoredWebhook>> FindIgnoredAsync(
        DatabaseSession session, IReadOnlyCollection<Guid> logIds, CancellationToken cancellationToken) =>
        session.QueryAsync<IgnoredWebhook>($"""
            select l.id, l.event_source, l.raw_event_type
            from unnest(@ids, @createdAts) as w (id, created_at)
            join app.webhook_log l on l.created_at = w.created_at and l.id = w.id
            where l.status = 'ignored' and l.raw_event_type is not null
                and {(session.OrganizationId is null ? "true" : "l.organization_id = @organizationId")}
            """, new
        {
            ids = logIds.ToArray(),
            createdAts = logIds.Select(WebhookLogIds.CreatedAt).ToArray(),
            organizationId = session.OrganizationId,
        }, cancellationToken);

    /// <summary>The state of a log after an attempt.</summary>
    public static Task<T> GetStateAsync<T>(PlatformSession session, Guid organizationId, Guid logId, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<T>("""
            select id, status, error_code, error_message, retry_count, case when status = 'failed' then due_at end as next_retry_at, last_retry_at, processed_at
            from app.webhook_log
            where organization_id = @organizationId and created_at = @createdAt and id = @logId
            """, new { organizationId, logId, createdAt = WebhookLogIds.CreatedAt(logId) }, cancellationToken);
}

/// <summary>An ignored log and its sender's name of the type.</summary>
public sealed record IgnoredWebhook
{
    public Guid Id { get; init; }
    public string EventSource { get; init; } = "";
    public string RawEventType { get; init; } = "";

    /// <summary>Whether the name is known by now, and its type has effects.</summary>
    public bool IsKnownNow => EventSources.Find(EventSource)?.TypeOf(RawEventType) is { IsIgnored: false };
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
