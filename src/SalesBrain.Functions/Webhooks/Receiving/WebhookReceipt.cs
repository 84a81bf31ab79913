using SalesBrain.Data.Webhooks.Receiving;

namespace SalesBrain.Functions.Webhooks.Receiving;

/// <summary>What a sender is told: the event is on disk. For an array of events, an array of these.</summary>
public sealed record WebhookReceipt
{
    /// <summary>The webhook log; for a duplicate the first delivery's.</summary>
    public required Guid Id { get; init; }

    /// <summary><c>pending</c>, <c>ignored</c>, or for a duplicate whatever the first one has become.</summary>
    public required string Status { get; init; }

    public required bool Duplicate { get; init; }

    internal static WebhookReceipt Of(StoredWebhook stored) => new() { Id = stored.LogId, Status = stored.Status, Duplicate = stored.Duplicate };
}
