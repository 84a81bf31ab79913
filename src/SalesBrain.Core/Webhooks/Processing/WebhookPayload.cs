namespace SalesBrain.Core.Webhooks.Processing;

/// <summary>The bytes of one log.</summary>
public sealed record WebhookPayload
{
    public Guid LogId { get; init; }
    public string? ContentType { get; init; }
    public byte[] Body { get; init; } = [];
}
