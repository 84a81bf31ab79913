using SalesBrain.Core.Webhooks.Processing;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Webhooks.Processing;

/// <summary>Claims due logs and records their results. Rows are claimed by locking them, so that a crash releases them.</summary>
public static class DueWebhooks
{
    private const string Columns = """
        w.id, w.created_at, w.organization_id, w.event_source, w.status, w.retry_count, w.endpoint_id, w.event_type, w.raw_event_type,
        w.campaign_external_id, w.campaign_name, w.contact_email, w.contact_email_norm, w.occurred_at
        """;

    /// <summary>
    /// The first due time of each organization that has one. The recursion reads one index entry per organization: its first.
    /// </summary>
    private const string Waiting = """
        waiting as (
            (select w.organization_id, w.due_at from app.webhook_log w where w.due_at is not null order by w.organization_id, w.due_at limit 1)
            union all
            select next.organization_id, next.due_at
            from waiting
            cross join lateral (
                select w.organization_id, w.due_at from app.webhook_log w
                where w.organization_id > waiting.organization_id and w.due_at is not null
                order by w.organization_id, w.due_at
                limit 1) next
        )
        """;

    /// <summary>
    /// Locks due logs and skips logs that another processor has locked. From at most <paramref name="organizations"/> organizations with
    /// due logs, picked at random, it takes the <paramref name="perOrganization"/> logs that have been due longest. So an organization with
    /// many logs cannot delay one with few.
    /// </summary>
    public static Task<List<DueWebhook>> ClaimDueAsync(
        PlatformSession session, DateTime now, int organizations, int perOrganization, CancellationToken cancellationToken) =>
        session.QueryAsync<DueWebhook>($"""
            with recursive {Waiting}, picked as (
                select organization_id from waiting
                where due_at <= @now
                order by random()
                limit @organizations
            )
            select due.* from picked
            cross join lateral (
                select {Columns}
                from app.webhook_log w
                where w.organization_id = picked.organization_id and w.due_at <= @now
                order by w.due_at
                limit @perOrganization
                for update skip locked
            ) due
            """, new { now, organizations, perOrganization }, cancellationToken);

    /// <summary>
    /// Locks one log if it is due, after waiting for a processor that has it; null when it is not due, or no longer after the wait.
    /// The caller's transaction must not hold other locks: processors wait for those while they hold a log.
    /// </summary>
    public static Task<DueWebhook?> ClaimAsync(
        PlatformSession session, Guid organizationId, Guid logId, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<DueWebhook>($"""
            select {Columns}
            from app.webhook_log w
            where w.organization_id = @organizationId and w.created_at = @createdAt and w.id = @logId and w.due_at <= @now
            for update
            """, new { organizationId, logId, createdAt = WebhookLogIds.CreatedAt(logId), now }, cancellationToken);

    /// <summary>
    /// The exact bytes of claimed logs, and how their endpoints read them; a log without a row here has outlived its payload.
    /// </summary>
    public static Task<List<WebhookPayload>> GetPayloadsAsync(
        PlatformSession session, IReadOnlyCollection<DueWebhook> logs, CancellationToken cancellationToken) =>
        session.QueryAsync<WebhookPayload>("""
            select p.log_id, p.content_type, p.body, p.traceparent, nullif(e.type_aliases, '{}') as type_aliases, nullif(e.field_paths, '{}') as field_paths
            from unnest(@organizationIds, @createdAts, @ids, @endpointIds) as l (organization_id, created_at, id, endpoint_id)
            join app.webhook_payload p on p.organization_id = l.organization_id and p.created_at = l.created_at and p.log_id = l.id
            left join app.webhook_endpoint e on e.organization_id = l.organization_id and e.id = l.endpoint_id
            """, new
        {
            organizationIds = logs.Select(log => log.OrganizationId).ToArray(),
            createdAts = logs.Select(log => log.CreatedAt).ToArray(),
            ids = logs.Select(log => log.Id).ToArray(),
            endpointIds = logs.Select(log => log.EndpointId).ToArray(),
        }, cancellationToken);

    /// <summary>Writes what was read differently than when the logs were written. Triggers keep the tallies equal.</summary>
    public static Task CorrectAsync(
        PlatformSession session, IReadOnlyCollection<DueWebhook> corrections, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            update app.webhook_log w set
                event_type = c.event_type,
                raw_event_type = c.raw_event_type,
                campaign_external_id = c.campaign_external_id,
                campaign_name = c.campaign_name,
                contact_email = c.contact_email,
                contact_email_norm = c.contact_email_norm,
                occurred_at = c.occurred_at
            from unnest(
                @organizationIds, @createdAts, @ids, @eventTypes, @rawEventTypes, @campaignExternalIds, @campaignNames, @contactEmails,
                @contactEmailNorms, @occurredAts)
                as c (
                    organization_id, created_at, id, event_type, raw_event_type, campaign_external_id, campaign_name, contact_email,
                    contact_email_norm, occurred_at)
            where w.organization_id = c.organization_id and w.created_at = c.created_at and w.id = c.id
                -- The address of a person who was erased stays out.
                and w.error_code is distinct from 'contact_erased'
            """, new
        {
            organizationIds = corrections.Select(log => log.OrganizationId).ToArray(),
            createdAts = corrections.Select(log => log.CreatedAt).ToArray(),
            ids = corrections.Select(log => log.Id).ToArray(),
            eventTypes = corrections.Select(log => log.EventType).ToArray(),
            rawEventTypes = corrections.Select(log => log.RawEventType).ToArray(),
            campaignExternalIds = corrections.Select(log => log.CampaignExternalId).ToArray(),
            campaignNames = corrections.Select(log => log.CampaignName).ToArray(),
            contactEmails = corrections.Select(log => log.ContactEmail).ToArray(),
            contactEmailNorms = corrections.Select(log => log.ContactEmailNorm).ToArray(),
            occurredAts = corrections.Select(log => log.OccurredAt).ToArray(),
        }, cancellationToken);

    /// <summary>
    /// Writes the effects of claimed events and marks them as processed. <paramref name="effects"/> is a JSON array of
    /// <see cref="WebhookEffect"/>. Returns the number of new contacts queued for automatic assignment. <paramref name="organizations"/> are
    /// all whose logs the transaction changes, if it changes others afterwards; else null.
    /// </summary>
    public static Task<int> ApplyAsync(
        PlatformSession session, string effects, Guid[]? organizations, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<int>(
            "select app.apply_webhook_events(@effects::jsonb, @now, @organizations)", new { effects, now, organizations }, cancellationToken);

    /// <summary>
    /// Locks the versions of log lists before several statements change logs of these organizations. Without effects: else
    /// <see cref="ApplyAsync"/> does it, after it has locked contacts.
    /// </summary>
    public static Task LockVersionsAsync(PlatformSession session, Guid[] organizations, CancellationToken cancellationToken) =>
        session.ExecuteAsync("select app.lock_webhook_log_versions(@organizations)", new { organizations }, cancellationToken);

    /// <summary>Marks claimed logs as ignored, because their events have no effect.</summary>
    public static Task IgnoreAsync(PlatformSession session, IReadOnlyCollection<DueWebhook> logs, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            update app.webhook_log w set status = 'ignored', due_at = null, error_code = null, error_message = null
            from unnest(@organizationIds, @createdAts, @ids) as l (organization_id, created_at, id)
            where w.organization_id = l.organization_id and w.created_at = l.created_at and w.id = l.id
            """, new
        {
            organizationIds = logs.Select(log => log.OrganizationId).ToArray(),
            createdAts = logs.Select(log => log.CreatedAt).ToArray(),
            ids = logs.Select(log => log.Id).ToArray(),
        }, cancellationToken);

    /// <summary>Records failed attempts of claimed logs, and for each log the time of its next retry, or that it is dead.</summary>
    public static Task FailAsync(
        PlatformSession session, IReadOnlyCollection<FailedWebhook> failures, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            with failure as (
                select * from unnest(@organizationIds, @createdAts, @ids, @codes, @messages, @nextRetryAts, @durations)
                as f (organization_id, created_at, id, error_code, error_message, next_retry_at, duration_ms)
            ), attempt as (
                insert into app.webhook_attempt (organization_id, log_id, log_created_at, kind, at, duration_ms, error_code, error_message)
                select f.organization_id, f.id, f.created_at, 'failure', @now, f.duration_ms, f.error_code, f.error_message
                from failure f
            )
            update app.webhook_log w set
                status = case when f.next_retry_at is null then 'dead' else 'failed' end,
                due_at = f.next_retry_at,
                retry_count = w.retry_count + (w.status = 'failed')::int,
                last_retry_at = case when w.status = 'failed' then @now else w.last_retry_at end,
                error_code = f.error_code,
                error_message = f.error_message
            from failure f
            where w.organization_id = f.organization_id and w.created_at = f.created_at and w.id = f.id
            """, new
        {
            organizationIds = failures.Select(f => f.Log.OrganizationId).ToArray(),
            createdAts = failures.Select(f => f.Log.CreatedAt).ToArray(),
            ids = failures.Select(f => f.Log.Id).ToArray(),
            codes = failures.Select(f => f.Code).ToArray(),
            messages = failures.Select(f => f.Message).ToArray(),
            nextRetryAts = failures.Select(f => f.NextRetryAt).ToArray(),
            durations = failures.Select(f => f.DurationMs).ToArray(),
            now,
        }, cancellationToken);

    /// <summary>When the oldest due log became due; null if none is due.</summary>
    public static Task<DateTime?> FindOldestDueAsync(PlatformSession session, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<DateTime?>($"""
            with recursive {Waiting}
            select min(due_at) from waiting where due_at <= @now
            """, new { now }, cancellationToken);
}

/// <summary>A failed attempt. If <see cref="NextRetryAt"/> is null, the log is dead.</summary>
public sealed record FailedWebhook(DueWebhook Log, string Code, string Message, DateTime? NextRetryAt, int DurationMs);
