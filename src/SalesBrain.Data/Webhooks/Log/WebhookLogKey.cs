namespace SalesBrain.Data.Webhooks.Log;

/// <summary>What finds one log in one step, and what the newest come first by.</summary>
public sealed record WebhookLogKey
{
    public Guid OrganizationId { get; init; }
    public DateTime CreatedAt { get; init; }
    public Guid Id { get; init; }
}
