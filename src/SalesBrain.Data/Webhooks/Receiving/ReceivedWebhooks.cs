using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Webhooks.Receiving;

/// <summary>
/// Stores received events: the log row, the exact bytes, and the receipt by which a second delivery is recognized as a duplicate.
/// </summary>
public static class ReceivedWebhooks
{
    /// <summary>How long a second delivery counts as a duplicate.</summary>
    public static readonly TimeSpan ReceiptLifetime = TimeSpan.FromDays(35);

    /// <summary>
    /// Stores the events in one statement, which is one transaction in an autocommit session. Returns one row per stored or duplicate
    /// event. An event is neither stored nor returned if its endpoint has changed since <see cref="ReceivedWebhook.EndpointVersion"/> was
    /// read, or if its organization is suspended. Dedupe keys must be unique within <paramref name="events"/>.
    /// </summary>
    /// <remarks>
    /// <see cref="ReceivingRules"/> allowed the version. A trigger raises it when the endpoint is disabled, deleted, or changed in any
    /// other way that receiving depends on, so the statement compares nothing else of the endpoint. Suspending the organization does not
    /// change its endpoints' versions, so the statement checks that again. Raising them instead would make a suspension lock and rewrite
    /// every endpoint of the organization. (This is not an SQL comment, because the statement is sent with every delivery.)
    /// </remarks>
    public static Task<List<StoredWebhook>> StoreAsync(
        PlatformSession session, IReadOnlyList<ReceivedWebhook> events, CancellationToken cancellationToken) =>
        session.QueryAsync<StoredWebhook>("""
            with incoming as (
                select * from unnest(
                    @Ids, @OrganizationIds, @EndpointIds, @EndpointVersions, @Sources, @EventTypes, @RawEventTypes, @CampaignExternalIds,
                    @CampaignNames, @ContactEmails, @ContactEmailNorms, @Statuses, @OccurredAts, @CreatedAts, @DedupeKeys, @Deliveries,
                    @ContentTypes, @Headers, @Bodies)
                as i (
                    id, organization_id, endpoint_id, endpoint_version, event_source, event_type, raw_event_type, campaign_external_id,
                    campaign_name, contact_email, contact_email_norm, status, occurred_at, created_at, key, deliveries,
                    content_type, headers, body)
            ), valid as (
                select i.* from incoming i
                where i.endpoint_id is null or exists (
                    select from app.webhook_endpoint e
                    join app.organization o on o.id = e.organization_id
                    where e.organization_id = i.organization_id and e.id = i.endpoint_id
                        and e.version = i.endpoint_version and o.status = 'active')
            ), receipt as (
                insert into app.webhook_receipt as r (organization_id, key, log_id, log_created_at)
                select v.organization_id, v.key, v.id, v.created_at
                from valid v
                where v.key is not null
                order by v.organization_id, v.key
                on conflict (organization_id, key) do update set
                    log_id = case when r.log_created_at < excluded.log_created_at - @ReceiptLifetime then excluded.log_id else r.log_id end,
                    log_created_at = case when r.log_created_at < excluded.log_created_at - @ReceiptLifetime then excluded.log_created_at else r.log_created_at end
                returning r.organization_id, r.key, r.log_id, r.log_created_at
            ), fresh as (
                select v.* from valid v
                where v.key is null or exists (select from receipt r where r.log_id = v.id)
            ), logged as (
                insert into app.webhook_log (
                    id, organization_id, endpoint_id, event_source, event_type, raw_event_type, campaign_external_id, campaign_name,
                    contact_email, contact_email_norm, status, due_at, occurred_at, created_at, delivery_count, last_delivered_at)
                select f.id, f.organization_id, f.endpoint_id, f.event_source, f.event_type, f.raw_event_type, f.campaign_external_id, f.campaign_name,
                    f.contact_email, f.contact_email_norm, f.status, case when f.status = 'pending' then f.created_at end,
                    f.occurred_at, f.created_at, f.deliveries, f.created_at
                from fresh f
            ), kept as (
                insert into app.webhook_payload (log_id, organization_id, created_at, content_type, headers, body)
                select f.id, f.organization_id, f.created_at, f.content_type, f.headers::jsonb, f.body
                from fresh f
            ), again as (
                update app.webhook_log l set
                    delivery_count = l.delivery_count + v.deliveries,
                    last_delivered_at = greatest(l.last_delivered_at, v.created_at)
                from valid v
                join receipt r on r.organization_id = v.organization_id and r.key = v.key and r.log_id <> v.id
                where l.organization_id = r.organization_id and l.created_at = r.log_created_at and l.id = r.log_id
                returning l.id, l.status
            )
            select v.id as received_id, coalesce(r.log_id, v.id) as log_id, coalesce(r.log_id <> v.id, false) as duplicate,
                case when coalesce(r.log_id <> v.id, false) then coalesce(a.status, 'processed') else v.status end as status
            from valid v
            left join receipt r on r.organization_id = v.organization_id and r.key = v.key
            left join again a on a.id = r.log_id
            """, new
        {
            Ids = events.Select(e => e.Id).ToArray(),
            OrganizationIds = events.Select(e => e.OrganizationId).ToArray(),
            EndpointIds = events.Select(e => e.EndpointId).ToArray(),
            EndpointVersions = events.Select(e => e.EndpointVersion).ToArray(),
            Sources = events.Select(e => e.EventSource).ToArray(),
            EventTypes = events.Select(e => e.EventType).ToArray(),
            RawEventTypes = events.Select(e => e.RawEventType).ToArray(),
            CampaignExternalIds = events.Select(e => e.CampaignExternalId).ToArray(),
            CampaignNames = events.Select(e => e.CampaignName).ToArray(),
            ContactEmails = events.Select(e => e.ContactEmail).ToArray(),
            ContactEmailNorms = events.Select(e => e.ContactEmailNorm).ToArray(),
            Statuses = events.Select(e => e.Status).ToArray(),
            OccurredAts = events.Select(e => e.OccurredAt).ToArray(),
            CreatedAts = events.Select(e => e.CreatedAt).ToArray(),
            DedupeKeys = events.Select(e => e.DedupeKey).ToArray(),
            Deliveries = events.Select(e => e.Deliveries).ToArray(),
            ContentTypes = events.Select(e => e.ContentType).ToArray(),
            Headers = events.Select(e => e.Headers).ToArray(),
            Bodies = events.Select(e => e.Body).ToArray(),
            ReceiptLifetime,
        }, cancellationToken);
}
