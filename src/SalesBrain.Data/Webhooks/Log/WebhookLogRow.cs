using System.ComponentModel.DataAnnotations;

namespace SalesBrain.Data.Webhooks.Log;

/// <summary>A received event and its status.</summary>
public record WebhookLogRow
{
    /// <summary>Of <c>app.webhook_log l</c> and its campaign <c>c</c>.</summary>
    internal const string Columns = """
        l.id, l.organization_id, l.endpoint_id, l.event_source, l.event_type, l.raw_event_type, l.campaign_id, l.campaign_external_id,
        coalesce(c.name, l.campaign_name) as campaign_name, l.contact_id, l.contact_email, l.status, l.error_code, l.error_message,
        l.retry_count, case when l.status = 'failed' then l.due_at end as next_retry_at, l.last_retry_at, l.occurred_at, l.created_at,
        l.processed_at, l.processing_ms, l.delivery_count, l.last_delivered_at, l.id_reused
        """;

    public Guid Id { get; init; }
    public Guid OrganizationId { get; init; }

    /// <summary>The endpoint that received it; null for the sources manual and system.</summary>
    public Guid? EndpointId { get; init; }
    public string EventSource { get; init; } = "";

    /// <summary>The canonical event type. Unknown types keep the sender's name.</summary>
    public string EventType { get; init; } = "";

    /// <summary>The event type as the sender spells it.</summary>
    public string? RawEventType { get; init; }
    public Guid? CampaignId { get; init; }

    /// <summary>The campaign's id at the sender.</summary>
    public string? CampaignExternalId { get; init; }

    /// <summary>The campaign's current name; before processing, the name in the event.</summary>
    public string? CampaignName { get; init; }
    public Guid? ContactId { get; init; }

    /// <summary>The contact's e-mail address in the event.</summary>
    public string? ContactEmail { get; init; }

    /// <summary><c>pending, processed, ignored, failed, dead</c>.</summary>
    [AllowedValues("pending", "processed", "ignored", "failed", "dead")]
    public string Status { get; init; } = "";
    public string? ErrorCode { get; init; }

    /// <summary>An explanation of the error and how to fix it.</summary>
    public string? ErrorMessage { get; init; }
    public int RetryCount { get; init; }

    /// <summary>When a failed webhook is retried automatically; null for every other status.</summary>
    public DateTime? NextRetryAt { get; init; }
    public DateTime? LastRetryAt { get; init; }

    /// <summary>When the event happened, according to the sender.</summary>
    public DateTime OccurredAt { get; init; }

    /// <summary>When the webhook was received.</summary>
    public DateTime CreatedAt { get; init; }
    public DateTime? ProcessedAt { get; init; }

    /// <summary>Duration of the processing in milliseconds.</summary>
    public int? ProcessingMs { get; init; }

    /// <summary>Number of times it was delivered.</summary>
    public int DeliveryCount { get; init; }
    public DateTime LastDeliveredAt { get; init; }

    /// <summary>
    /// Whether the sender used the event's id for an event with other content before. Both are stored: an id counts only together with the
    /// content.
    /// </summary>
    public bool IdReused { get; init; }
}
