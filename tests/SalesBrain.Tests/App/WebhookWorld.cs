using System.Text;
using SalesBrain.Core.Values;
using SalesBrain.Core.Webhooks.Receiving;

namespace SalesBrain.Tests.App;

/// <summary>Webhook logs and what they refer to, made straight in the database.</summary>
public static class WebhookWorld
{
    private static long _lastMoment;

    /// <summary>
    /// A log as receiving and processing would have left it in that status: a processed one has made its contact and its campaign.
    /// <paramref name="createdAt"/> (default now) is cut to milliseconds; <paramref name="body"/> null = its payload is past its retention.
    /// </summary>
    public static async Task<Guid> CreateWebhookLogAsync(
        this TestApp app, Guid organizationId, string status = "processed", string eventType = "email.sent",
        string eventSource = "instantly", string? contactEmail = null, Guid? campaignId = null, string? campaignName = null,
        Guid? contactId = null, string? rawEventType = null, string? errorCode = null, string? errorMessage = null,
        DateTimeOffset? createdAt = null, DateTime? dueAt = null, int retryCount = 0, string? body = "{}", Guid? endpointId = null)
    {
        var (id, received) = WebhookLogIds.Create(createdAt ?? app.Clock?.GetUtcNow() ?? NextMoment());
        var now = (app.Clock?.GetUtcNow() ?? DateTimeOffset.UtcNow).UtcDateTime;
        if (createdAt is not null || app.Clock is not null)
        {
            await app.EnsurePartitionsAsync(received);
        }
        if (status == "processed" && contactEmail is not null)
        {
            contactId ??= await app.CreateContactAsync(organizationId, contactEmail);
        }
        if (status == "processed" && campaignName is not null)
        {
            campaignId ??= await app.CreateCampaignAsync(organizationId, campaignName, campaignName);
        }
        await app.ExecuteAsync("""
            insert into app.webhook_log (
                id, organization_id, endpoint_id, event_source, event_type, raw_event_type, campaign_id, campaign_name, contact_id, contact_email,
                contact_email_norm, status, error_code, error_message, retry_count, due_at, occurred_at, created_at, processed_at, processing_ms,
                last_delivered_at)
            values (
                @id, @organizationId, @endpointId, @eventSource, @eventType, @rawEventType, @campaignId, @campaignName, @contactId, @contactEmail,
                @contactEmailNorm, @status, @errorCode, @errorMessage, @retryCount, @due, @received, @received, @processedAt, @processingMs,
                @received)
            """, new
        {
            id,
            organizationId,
            endpointId,
            eventSource,
            eventType,
            rawEventType = rawEventType ?? eventType.Replace('.', '_'),
            campaignId,
            campaignName,
            contactId,
            contactEmail,
            contactEmailNorm = contactEmail is null ? null : Emails.Normalize(contactEmail),
            status,
            errorCode,
            errorMessage,
            retryCount,
            // Not due yet: the app must not process it before the test looks.
            due = status is "pending" or "failed" ? dueAt ?? (received > now ? received : now).AddDays(1) : (DateTime?)null,
            received,
            processedAt = status == "processed" ? received.AddMilliseconds(20) : (DateTime?)null,
            processingMs = status == "processed" ? 20 : (int?)null,
        });
        if (body is not null)
        {
            await app.AddWebhookPayloadAsync(organizationId, id, Encoding.UTF8.GetBytes(body));
        }
        return id;
    }

    /// <summary>
    /// Now, but a millisecond after the time before: what is made later sorts later, which ids of one millisecond do not.
    /// </summary>
    private static DateTimeOffset NextMoment()
    {
        while (true)
        {
            var before = Interlocked.Read(ref _lastMoment);
            var next = Math.Max(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), before + 1);
            if (Interlocked.CompareExchange(ref _lastMoment, next, before) == before)
            {
                return DateTimeOffset.FromUnixTimeMilliseconds(next);
            }
        }
    }

    /// <summary>The payload of a log that was made without one.</summary>
    public static Task AddWebhookPayloadAsync(
        this TestApp app, Guid organizationId, Guid logId, byte[] body, string headers = "{}", string contentType = "application/json") =>
        app.ExecuteAsync("""
            insert into app.webhook_payload (log_id, organization_id, created_at, content_type, headers, body)
            values (@logId, @organizationId, @createdAt, @contentType, @headers::jsonb, @body)
            """, new { logId, organizationId, createdAt = WebhookLogIds.CreatedAt(logId), contentType, headers, body });

    /// <summary>A campaign that the organization runs; the one that is there where it has one with the external id.</summary>
    public static Task<Guid> CreateCampaignAsync(
        this TestApp app, Guid organizationId, string name = "Campaign", string? externalId = null, Guid? agencyId = null, Guid? clientId = null) =>
        app.QuerySingleAsync<Guid>("""
            insert into app.campaign as c (id, organization_id, agency_id, client_id, name, status, source, external_id)
            values (@id, @organizationId, @agencyId, @clientId, @name, 'active', @source, @externalId)
            on conflict (organization_id, source, external_id) do update set external_id = c.external_id
            returning id
            """, new { id = Guid.CreateVersion7(), organizationId, agencyId, clientId, name, source = externalId is null ? "manual" : "instantly", externalId });

    /// <summary>A person the organization knows; the one that is there where it has one with the address.</summary>
    public static Task<Guid> CreateContactAsync(this TestApp app, Guid organizationId, string? email = null) =>
        app.QuerySingleAsync<Guid>("""
            insert into app.contact as c (id, organization_id, email, email_norm)
            values (@id, @organizationId, @email, @norm)
            on conflict (organization_id, email_norm) do update set email_norm = c.email_norm
            returning id
            """, new { id = Guid.CreateVersion7(), organizationId, email, norm = email is null ? null : Emails.Normalize(email) });

    /// <summary>The contact's place in the campaign.</summary>
    public static async Task<Guid> CreateLeadAsync(
        this TestApp app, Guid organizationId, Guid contactId, Guid? campaignId = null, string status = "new", Guid? assignedTo = null)
    {
        var id = Guid.CreateVersion7();
        await app.ExecuteAsync("""
            insert into app.lead (id, organization_id, contact_id, campaign_id, status, assigned_to)
            values (@id, @organizationId, @contactId, @campaignId, @status, @assignedTo)
            """, new { id, organizationId, contactId, campaignId, status, assignedTo });
        return id;
    }

    /// <summary>Partitions for the month of a time, where the migrations didn't make them.</summary>
    public static Task EnsurePartitionsAsync(this TestApp app, DateTime time) =>
        app.ExecuteAsync("select app.ensure_month_partitions(@time, 1)", new { time });
}
