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

    /// <summary>SHA-256 that equal events share; null = never a duplicate.</summary>
    public byte[]? DedupeKey { get; init; }

    /// <summary>How many deliveries this one stands for, where equal ones arrived together.</summary>
    public int Deliveries { get; init; } = 1;
    public string? ContentType { get; init; }

    /// <summary>The kept headers as a JSON object.</summary>
    public required string Headers { get; init; }

    /// <summary>The bytes as they came.</summary>
    public required byte[] Body { get; init; }
}
