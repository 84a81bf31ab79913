namespace SalesBrain.Core.Webhooks.Processing;

/// <summary>A claimed log.</summary>
public sealed record DueWebhook
{
    public Guid Id { get; init; }
    public DateTime CreatedAt { get; init; }
    public Guid OrganizationId { get; init; }
    public string EventSource { get; init; } = "";
    public string Status { get; init; } = "";
    public int RetryCount { get; init; }
    public Guid? EndpointId { get; init; }

    // How the event was read when it was received, or retried last.
    public string EventType { get; init; } = "";
    public string? RawEventType { get; init; }
    public string? CampaignExternalId { get; init; }
    public string? CampaignName { get; init; }
    public string? ContactEmail { get; init; }
    public string? ContactEmailNorm { get; init; }
    public DateTime OccurredAt { get; init; }
}
