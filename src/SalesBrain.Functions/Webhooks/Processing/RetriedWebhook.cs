using System.ComponentModel.DataAnnotations;

namespace SalesBrain.Functions.Webhooks.Processing;

/// <summary>A log after the attempt; <c>pending</c> when another processor has it or the attempt has to wait.</summary>
public sealed record RetriedWebhook
{
    public Guid Id { get; init; }

    [AllowedValues("pending", "processed", "ignored", "failed", "dead")]
    public string Status { get; init; } = "";
    public string? ErrorCode { get; init; }
    public string? ErrorMessage { get; init; }
    public int RetryCount { get; init; }
    public DateTime? NextRetryAt { get; init; }
    public DateTime? LastRetryAt { get; init; }
    public DateTime? ProcessedAt { get; init; }
}
