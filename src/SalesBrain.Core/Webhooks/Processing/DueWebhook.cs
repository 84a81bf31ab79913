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
}
