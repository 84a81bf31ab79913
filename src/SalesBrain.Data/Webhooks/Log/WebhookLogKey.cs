namespace SalesBrain.Data.Webhooks.Log;

/// <summary>The key of a webhook log for direct access and for sorting newest first.</summary>
public sealed record WebhookLogKey
{
    public Guid OrganizationId { get; init; }
    public DateTime CreatedAt { get; init; }
    public Guid Id { get; init; }
}
