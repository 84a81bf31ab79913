using SalesBrain.Core.Webhooks.Events;

namespace SalesBrain.Core.Webhooks.Processing;

/// <summary>
/// What one event does, as <c>app.apply_webhook_events</c> reads it. The decisions are made before; see <c>WebhookEventRules</c>.
/// The members are the attributes of the database's type <c>app.webhook_effect</c>: a new one needs a migration.
/// </summary>
public sealed record WebhookEffect
{
    public required Guid LogId { get; init; }
    public required DateTime LogCreatedAt { get; init; }
    public required Guid OrganizationId { get; init; }
    public required string EventSource { get; init; }
    public required string EventType { get; init; }
    public required DateTime OccurredAt { get; init; }

    // Ids for rows that turn out to be missing.
    public required Guid NewCampaignId { get; init; }
    public required Guid NewContactId { get; init; }
    public required Guid NewLeadId { get; init; }
    public required Guid ActivityId { get; init; }

    public string? CampaignExternalId { get; init; }
    public string? CampaignName { get; init; }
    public string? Email { get; init; }
    public string? EmailNorm { get; init; }

    /// <summary>
    /// The hashes of the address, one of each key, as PostgreSQL reads bytes: by them a person is recognized whose data was erased.
    /// </summary>
    public IReadOnlyList<string>? EmailHashes { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Company { get; init; }
    public string? Title { get; init; }
    public string? Phone { get; init; }
    public string? Website { get; init; }
    public string? LinkedinUrl { get; init; }
    public string? City { get; init; }
    public string? Region { get; init; }
    public string? Country { get; init; }

    /// <summary>What the timeline shows beyond the type; a small object of known names.</summary>
    public EventDetails? Details { get; init; }

    /// <summary>The status the lead moves forward to.</summary>
    public string? LeadStatus { get; init; }

    /// <summary>The counter it adds to: sent, opened, clicked, replied, bounced, unsubscribed, interested.</summary>
    public string? Counter { get; init; }

    public string? Interest { get; init; }

    /// <summary>The text of a label; only with interest <c>label</c>.</summary>
    public string? Label { get; init; }

    /// <summary><c>bounced</c> or <c>unsubscribed</c>.</summary>
    public string? Suppression { get; init; }

    /// <summary><c>active</c> or <c>completed</c>.</summary>
    public string? CampaignStatus { get; init; }

    /// <summary><c>assignee</c> (else the campaign's owners) or <c>administrators</c>.</summary>
    public string? NotificationAudience { get; init; }
    public string? NotificationTitle { get; init; }
    public string? NotificationBody { get; init; }

    /// <summary>The amount of the lead's deal; a person's own entry stays.</summary>
    public decimal? DealAmount { get; init; }

    /// <summary>Its ISO 4217 code; null if it is not known.</summary>
    public string? DealCurrency { get; init; }
}
