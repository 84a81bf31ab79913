using SalesBrain.Core.Webhooks.Receiving;

namespace SalesBrain.Data.Webhooks.Receiving;

/// <summary>What became of events that were to be stored together: all of them or none are stored.</summary>
public abstract record StorageResult
{
    private StorageResult()
    {
    }

    /// <summary>All events are durable; a row each, in their order.</summary>
    public sealed record Stored(IReadOnlyList<StoredWebhook> Webhooks) : StorageResult;

    /// <summary>Nothing is stored, and another attempt would not change that.</summary>
    public sealed record Refused(WebhookRefusal Refusal) : StorageResult;

    /// <summary>Nothing is stored, because the endpoint may have changed since it was read. Read it again and retry.</summary>
    public sealed record Outdated : StorageResult;

    /// <summary>Nothing is stored, because too many deliveries of the organization are waiting. The sender retries later.</summary>
    public sealed record Busy : StorageResult;
}

/// <summary>What became of one received event.</summary>
public sealed record StoredWebhook
{
    public Guid ReceivedId { get; init; }

    /// <summary>The log row it is told by: its own, or the first delivery's.</summary>
    public Guid LogId { get; init; }
    public bool Duplicate { get; init; }

    /// <summary>The log's status; <see cref="Deleted"/> for a duplicate whose first log was deleted.</summary>
    public string Status { get; init; } = "";

    /// <summary>The status of a log that no longer exists, although its receipt does.</summary>
    public const string Deleted = "deleted";
}
