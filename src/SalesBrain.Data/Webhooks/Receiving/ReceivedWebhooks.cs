using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Webhooks.Receiving;

/// <summary>
/// Stores received events: the log row, the exact bytes, and the receipt by which a second delivery is recognized as a duplicate.
/// </summary>
public static class ReceivedWebhooks
{
    /// <summary>How long a receipt is kept: as long as any key counts.</summary>
    public static readonly TimeSpan ReceiptLifetime = TimeSpan.FromDays(35);

    /// <summary>
    /// Stores the events in one statement, which is one transaction in an autocommit session. Returns one row per stored or duplicate
    /// event. An event is neither stored nor returned if its endpoint has changed since <see cref="ReceivedWebhook.EndpointVersion"/> was
    /// read, if its organization is suspended, or if its number of WhatsApp is no longer the organization's. Dedupe keys must be unique
    /// within <paramref name="events"/>. The status of a duplicate is not known yet: <see cref="CountAgainAsync"/> returns it.
    /// </summary>
    /// <param name="session">An autocommit session.</param>
    /// <param name="events">The events.</param>
    /// <param name="deliveries">The deliveries of them that have several events.</param>
    /// <param name="cancellationToken">Ends the statement.</param>
    /// <remarks>
    /// <see cref="ReceivingRules"/> allowed the version. A trigger raises it when the endpoint is disabled, deleted, or changed in any
    /// other way that receiving depends on, so the statement compares nothing else of the endpoint. Suspending the organization does not
    /// change its endpoints' versions, so the statement checks that again. Raising them instead would make a suspension lock and rewrite
    /// every endpoint of the organization. (This is not an SQL comment, because the statement is sent with every delivery.)
    /// <para>
    /// Keys of events are locked first, then keys of ids, each in their order, so that concurrent statements cannot deadlock. An id belongs
    /// to the delivery or event that brought it (<c>owner_id</c>): another one with the same id and other content has reused it.
    /// </para>
    /// </remarks>
    public static Task<List<StoredWebhook>> StoreAsync(
        PlatformSession session, IReadOnlyList<ReceivedWebhook> events, IReadOnlyList<ReceivedDelivery> deliveries,
        CancellationToken cancellationToken)
    {
        var ids = SenderIdsOf(events);
        return session.QueryAsync<StoredWebhook>("""
            with incoming as (
                select * from unnest(
                    @Ids, @OrganizationIds, @EndpointIds, @EndpointVersions, @Sources, @EventTypes, @RawEventTypes, @CampaignExternalIds,
                    @CampaignNames, @ContactEmails, @ContactEmailNorms, @Statuses, @OccurredAts, @CreatedAts, @DedupeKeys, @KeyExpiresAts,
                    @Deliveries, @ContentTypes, @DeliveryIds, @Headers, @Bodies, @TraceParents, @PhoneNumberIds)
                as i (
                    id, organization_id, endpoint_id, endpoint_version, event_source, event_type, raw_event_type, campaign_external_id,
                    campaign_name, contact_email, contact_email_norm, status, occurred_at, created_at, key, key_expires_at,
                    deliveries, content_type, delivery_id, headers, body, traceparent, phone_number_id)
            ), valid as (
                select i.* from incoming i
                where (i.endpoint_id is null or exists (
                        select from app.webhook_endpoint e
                        join app.organization o on o.id = e.organization_id
                        where e.organization_id = i.organization_id and e.id = i.endpoint_id
                            and e.version = i.endpoint_version and o.status = 'active'))
                    and (i.phone_number_id is null or exists (
                        select from app.whatsapp_account a
                        where a.phone_number_id = i.phone_number_id and a.organization_id = i.organization_id and a.status <> 'disconnected'))
            ), receipt as (
                insert into app.webhook_receipt as r (organization_id, key, log_id, log_created_at, expires_at)
                select v.organization_id, v.key, v.id, v.created_at, v.key_expires_at
                from valid v
                order by v.organization_id, v.key
                on conflict (organization_id, key) do update set
                    log_id = case when r.expires_at <= excluded.log_created_at then excluded.log_id else r.log_id end,
                    log_created_at = case when r.expires_at <= excluded.log_created_at then excluded.log_created_at else r.log_created_at end,
                    expires_at = case when r.expires_at <= excluded.log_created_at then excluded.expires_at else r.expires_at end
                returning r.organization_id, r.key, r.log_id
            ), fresh as (
                select v.* from valid v
                where exists (select from receipt r where r.log_id = v.id)
            ), sender_id as (
                select * from unnest(@IdKeys, @IdLogIds, @IdOwnerIds) with ordinality as s (key, log_id, owner_id, position)
            ), id_receipt as (
                insert into app.webhook_receipt as r (organization_id, key, log_id, log_created_at, expires_at)
                select distinct on (f.organization_id, s.key) f.organization_id, s.key, s.owner_id, f.created_at, f.created_at + @ReceiptLifetime
                from sender_id s
                join fresh f on f.id = s.log_id
                order by f.organization_id, s.key, s.position
                on conflict (organization_id, key) do update set
                    log_id = case when r.expires_at <= excluded.log_created_at then excluded.log_id else r.log_id end,
                    log_created_at = case when r.expires_at <= excluded.log_created_at then excluded.log_created_at else r.log_created_at end,
                    expires_at = case when r.expires_at <= excluded.log_created_at then excluded.expires_at else r.expires_at end
                returning r.key, r.log_id as owner_id
            ), logged as (
                insert into app.webhook_log (
                    id, organization_id, endpoint_id, event_source, event_type, raw_event_type, campaign_external_id, campaign_name,
                    contact_email, contact_email_norm, status, due_at, occurred_at, created_at, delivery_count, last_delivered_at, id_reused)
                select f.id, f.organization_id, f.endpoint_id, f.event_source, f.event_type, f.raw_event_type, f.campaign_external_id, f.campaign_name,
                    f.contact_email, f.contact_email_norm, f.status, case when f.status = 'pending' then f.created_at end,
                    f.occurred_at, f.created_at, f.deliveries, f.created_at,
                    f.id in (select s.log_id from sender_id s join id_receipt r on r.key = s.key where r.owner_id <> s.owner_id)
                from fresh f
            ), kept as (
                insert into app.webhook_payload (
                    log_id, organization_id, created_at, content_type, delivery_id, headers, body, traceparent, is_private)
                select f.id, f.organization_id, f.created_at, f.content_type, f.delivery_id, coalesce(f.headers, '{}')::jsonb, f.body, f.traceparent,
                    f.event_source = 'whatsapp'
                from fresh f
            ), kept_headers as (
                insert into app.webhook_delivery (id, organization_id, created_at, headers)
                select distinct on (d.id) d.id, f.organization_id, f.created_at, d.headers::jsonb
                from unnest(@SharedIds, @SharedHeaders) as d (id, headers)
                join fresh f on f.delivery_id = d.id
                order by d.id
            )
            select v.id as received_id, r.log_id, r.log_id <> v.id as duplicate, v.status
            from valid v
            join receipt r on r.organization_id = v.organization_id and r.key = v.key
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
            KeyExpiresAts = events.Select(e => e.KeyExpiresAt).ToArray(),
            Deliveries = events.Select(e => e.Deliveries).ToArray(),
            ContentTypes = events.Select(e => e.ContentType).ToArray(),
            DeliveryIds = events.Select(e => e.DeliveryId).ToArray(),
            Headers = events.Select(e => e.Headers).ToArray(),
            Bodies = events.Select(e => e.Body).ToArray(),
            TraceParents = events.Select(e => e.TraceParent).ToArray(),
            PhoneNumberIds = events.Select(e => e.PhoneNumberId).ToArray(),
            IdKeys = ids.Select(id => id.Key).ToArray(),
            IdLogIds = ids.Select(id => id.LogId).ToArray(),
            IdOwnerIds = ids.Select(id => id.OwnerId).ToArray(),
            SharedIds = deliveries.Select(delivery => delivery.Id).ToArray(),
            SharedHeaders = deliveries.Select(delivery => delivery.Headers).ToArray(),
            ReceiptLifetime,
        }, cancellationToken);
    }

    /// <summary>
    /// Counts further deliveries of events that are stored, and returns the current status of their logs. A log that was deleted is left
    /// out. A statement of its own, so that it sees logs which other transactions committed while the storing statement ran.
    /// </summary>
    public static Task<List<LogStatus>> CountAgainAsync(
        PlatformSession session, IReadOnlyList<RepeatedWebhook> repeated, CancellationToken cancellationToken) =>
        session.QueryAsync<LogStatus>("""
            with again as (
                select * from unnest(@OrganizationIds, @LogCreatedAts, @LogIds, @Deliveries, @DeliveredAts)
                as a (organization_id, created_at, id, deliveries, delivered_at)
            ), locked as (
                -- In the order of keys, so that two such statements cannot deadlock.
                select l.organization_id, l.created_at, l.id, a.deliveries, a.delivered_at
                from again a
                join app.webhook_log l on l.organization_id = a.organization_id and l.created_at = a.created_at and l.id = a.id
                order by l.created_at, l.id
                for update of l
            )
            update app.webhook_log l set
                delivery_count = l.delivery_count + k.deliveries,
                last_delivered_at = greatest(l.last_delivered_at, k.delivered_at)
            from locked k
            where l.organization_id = k.organization_id and l.created_at = k.created_at and l.id = k.id
            returning l.id as log_id, l.status
            """, new
        {
            OrganizationIds = repeated.Select(again => again.OrganizationId).ToArray(),
            LogCreatedAts = repeated.Select(again => WebhookLogIds.CreatedAt(again.LogId)).ToArray(),
            LogIds = repeated.Select(again => again.LogId).ToArray(),
            Deliveries = repeated.Select(again => again.Deliveries).ToArray(),
            DeliveredAts = repeated.Select(again => again.DeliveredAt).ToArray(),
        }, cancellationToken);

    /// <summary>The ids that events carry. An id of a delivery is brought by the delivery, so that all its events may have it.</summary>
    private static List<(byte[] Key, Guid LogId, Guid OwnerId)> SenderIdsOf(IReadOnlyList<ReceivedWebhook> events)
    {
        var ids = new List<(byte[] Key, Guid LogId, Guid OwnerId)>();
        foreach (var received in events)
        {
            if (received.DeliveryIdKey is { } ofDelivery)
            {
                ids.Add((ofDelivery, received.Id, received.DeliveryId ?? received.Id));
            }
            if (received.EventIdKey is { } ofEvent)
            {
                ids.Add((ofEvent, received.Id, received.Id));
            }
        }
        return ids;
    }
}

/// <summary>Further deliveries of an event that is stored.</summary>
public sealed record RepeatedWebhook(Guid OrganizationId, Guid LogId, int Deliveries, DateTime DeliveredAt);

/// <summary>A log's status.</summary>
public sealed record LogStatus
{
    public Guid LogId { get; init; }
    public string Status { get; init; } = "";
}
