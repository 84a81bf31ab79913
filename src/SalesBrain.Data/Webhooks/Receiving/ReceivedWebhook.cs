using System.Diagnostics;
using SalesBrain.Core.Webhooks.Receiving;

namespace SalesBrain.Data.Webhooks.Receiving;

/// <summary>
/// One event on its way to disk. <see cref="Id"/> is a version 7 UUID and <see cref="CreatedAt"/> exactly its millisecond timestamp
/// (<see cref="WebhookLogIds"/>).
/// </summary>
public sealed record ReceivedWebhook
{
    public required Guid Id { get; init; }
    public required Guid OrganizationId { get; init; }

    /// <summary>Null for events that came through no endpoint (sources manual and system).</summary>
    public Guid? EndpointId { get; init; }

    /// <summary>The endpoint's version that the delivery was verified against.</summary>
    public int? EndpointVersion { get; init; }

    /// <summary>
    /// The phone number of WhatsApp that must still be the organization's; null for other sources, and for what names no number.
    /// </summary>
    public string? PhoneNumberId { get; init; }
    public required string EventSource { get; init; }
    public required string EventType { get; init; }
    public string? RawEventType { get; init; }
    public string? CampaignExternalId { get; init; }
    public string? CampaignName { get; init; }
    public string? ContactEmail { get; init; }
    public string? ContactEmailNorm { get; init; }

    /// <summary><c>pending</c>, or <c>ignored</c> where there is nothing to do for the type.</summary>
    public required string Status { get; init; }
    public required DateTime OccurredAt { get; init; }
    public required DateTime CreatedAt { get; init; }

    /// <summary>SHA-256 that equal events share, until <see cref="KeyExpiresAt"/>.</summary>
    public required byte[] DedupeKey { get; init; }
    public required DateTime KeyExpiresAt { get; init; }

    /// <summary>SHA-256 of the id that the delivery carries for all its events; null if there is none.</summary>
    public byte[]? DeliveryIdKey { get; init; }

    /// <summary>SHA-256 of the id that the event carries; null if there is none.</summary>
    public byte[]? EventIdKey { get; init; }

    /// <summary>How many deliveries this one stands for, where equal ones arrived together.</summary>
    public int Deliveries { get; init; } = 1;
    public string? ContentType { get; init; }

    /// <summary>
    /// The delivery, if it has several events: its headers are stored once, apart from them. Null if this is its only event.
    /// </summary>
    public Guid? DeliveryId { get; init; }

    /// <summary>The kept headers as a JSON object; null if they are the delivery's.</summary>
    public string? Headers { get; init; }

    /// <summary>The bytes as they came; of WhatsApp the event's part of the delivery.</summary>
    public required byte[] Body { get; init; }

    /// <summary>The span that processing continues, as a W3C traceparent; null if the trace is not recorded.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>The events of one delivery, which are stored together or not at all.</summary>
public sealed record ReceivedDelivery
{
    public required Guid Id { get; init; }

    /// <summary>Whose turn it takes. Its events may be of several organizations.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>At least one, all created at the same time.</summary>
    public required IReadOnlyList<ReceivedWebhook> Events { get; init; }

    /// <summary>The kept headers as a JSON object, stored if there are several events.</summary>
    public required string Headers { get; init; }

    /// <summary>Whether it is refused if the organization has too much waiting. False for what a person enters or re-admits.</summary>
    public bool IsLimited { get; init; } = true;

    /// <summary>The span of its wait and commit; null if it is not traced.</summary>
    public Activity? Span { get; init; }
}
