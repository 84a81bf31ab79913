using System.ComponentModel.DataAnnotations;
using SalesBrain.Data.Webhooks.Receiving;

namespace SalesBrain.Functions.Webhooks.Receiving;

/// <summary>The receipt for a stored event. For an array of events, the response is an array of receipts.</summary>
public sealed record WebhookReceipt
{
    /// <summary>The id of the webhook log. For a duplicate, the log of the first delivery.</summary>
    public required Guid Id { get; init; }

    /// <summary>
    /// <c>pending</c> or <c>ignored</c>. For a duplicate, the current status of the first delivery's log, or <c>deleted</c> if that log was
    /// deleted.
    /// </summary>
    [AllowedValues("pending", "processed", "ignored", "failed", "dead", "deleted")]
    public required string Status { get; init; }

    public required bool Duplicate { get; init; }

    internal static WebhookReceipt Of(StoredWebhook stored) =>
        new() { Id = stored.LogId, Status = stored.Status, Duplicate = stored.Duplicate };
}
