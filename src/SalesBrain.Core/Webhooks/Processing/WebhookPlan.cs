using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Core.Webhooks.Events.Sources;
using SalesBrain.Core.Webhooks.Receiving.Bodies;

namespace SalesBrain.Core.Webhooks.Processing;

/// <summary>
/// What to do with a stored event: apply its effect, ignore it, or record its failure. Exactly one of these is set. Besides, the log may
/// have to be corrected.
/// </summary>
public sealed record WebhookPlan
{
    private WebhookPlan()
    {
    }

    public WebhookEffect? Effect { get; private init; }

    public bool IsIgnored { get; private init; }

    public WebhookFailure? Failure { get; private init; }

    /// <summary>What the log has to say about the event, if that is not what it says; null if it is.</summary>
    public DueWebhook? Correction { get; private init; }

    /// <summary>
    /// Parses the stored bytes with the current mapping and the endpoint's current settings, so that a retry benefits from newer ones.
    /// </summary>
    public static WebhookPlan Of(DueWebhook webhook, WebhookPayload? payload, DateTimeOffset now)
    {
        if (payload is null)
        {
            return new WebhookPlan { Failure = WebhookFailures.PayloadMissing };
        }
        if (EventSources.Find(webhook.EventSource) is not { } source
            || !WebhookBody.TryRead(payload.Body, payload.ContentType, contentEncoding: null, out var body, out _))
        {
            return new WebhookPlan { Failure = WebhookFailures.PayloadUnreadable };
        }
        using (body)
        {
            if (body.Elements is not [var element])
            {
                return new WebhookPlan { Failure = WebhookFailures.PayloadUnreadable };
            }
            var webhookEvent = source.With(ReadingSettings.Of(payload.TypeAliases, payload.FieldPaths)).Read(element.Json);
            var decision = WebhookEventRules.Decide(webhookEvent);
            return new WebhookPlan
            {
                Effect = decision.Type is { } type ? EffectOf(webhook, webhookEvent, type, now) : null,
                IsIgnored = decision.IsIgnored,
                Failure = decision.Failure,
                Correction = CorrectionOf(webhook, webhookEvent),
            };
        }
    }

    private static DueWebhook? CorrectionOf(DueWebhook webhook, WebhookEvent e)
    {
        var read = webhook with
        {
            EventType = e.EventType,
            RawEventType = e.RawEventType,
            CampaignExternalId = e.CampaignKey,
            CampaignName = e.CampaignName,
            ContactEmail = e.ContactEmail,
            ContactEmailNorm = e.EmailNorm,
            OccurredAt = e.OccurredAt(webhook.CreatedAt),
        };
        return read == webhook ? null : read;
    }

    private static WebhookEffect EffectOf(DueWebhook webhook, WebhookEvent e, EventType type, DateTimeOffset now)
    {
        var notification = WebhookEventRules.Notification(e);
        return new WebhookEffect
        {
            LogId = webhook.Id,
            LogCreatedAt = webhook.CreatedAt,
            OrganizationId = webhook.OrganizationId,
            EventSource = webhook.EventSource,
            EventType = e.EventType,
            OccurredAt = e.OccurredAt(webhook.CreatedAt),
            NewCampaignId = Guid.CreateVersion7(now),
            NewContactId = Guid.CreateVersion7(now),
            NewLeadId = Guid.CreateVersion7(now),
            ActivityId = Guid.CreateVersion7(now),
            CampaignExternalId = e.CampaignKey,
            CampaignName = e.CampaignName,
            Email = e.ContactEmail,
            EmailNorm = e.EmailNorm,
            FirstName = e.FirstName,
            LastName = e.LastName,
            Company = e.CompanyName,
            Title = e.Title,
            Phone = e.Phone,
            Website = e.Website,
            LinkedinUrl = e.LinkedinUrl,
            City = e.City,
            Region = e.Region,
            Country = e.Country,
            Details = EventDetails.Of(e),
            LeadStatus = type.LeadStatus,
            Counter = type.Counter,
            Interest = type.Interest,
            Label = e.Label,
            Suppression = type.Suppression,
            CampaignStatus = type.CampaignStatus,
            NotificationAudience = notification?.Audience,
            NotificationTitle = notification?.Title,
            NotificationBody = notification?.Body,
            DealAmount = e.DealAmount,
            DealCurrency = e.DealCurrency,
        };
    }
}
