using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using SalesBrain.Core.Paging;

namespace SalesBrain.Data.Conversations;

/// <summary>A message of a conversation.</summary>
public sealed record ConversationMessage : IListedRow
{
    public Guid Id { get; init; }

    [JsonIgnore]
    public string? Position { get; init; }
    public Guid ConversationId { get; init; }

    [AllowedValues("inbound", "outbound")]
    public string Direction { get; init; } = "";

    /// <summary>What kind of message it is, by the vendor's names, such as <c>text</c> or <c>image</c>.</summary>
    public string Type { get; init; } = "";
    public string? Text { get; init; }

    /// <summary>What the vendor sent, or what is sent to it, beyond the text.</summary>
    public JsonElement Payload { get; init; }

    /// <summary>The vendor's id.</summary>
    public string? Wamid { get; init; }

    /// <summary>
    /// Inbound messages are <c>delivered</c>, and <c>read</c> when somebody has read them here. <c>unknown</c>: nobody knows whether it was
    /// sent.
    /// </summary>
    [AllowedValues("queued", "sending", "sent", "delivered", "read", "failed", "unknown")]
    public string Status { get; init; } = "";
    public string? ErrorCode { get; init; }

    /// <summary>Why it failed, in words.</summary>
    public string? ErrorMessage { get; init; }
    public Guid? SentBy { get; init; }
    public string? SentByName { get; init; }
    public string? ClientMessageId { get; init; }

    /// <summary>The vendor's id of the message that this one answers.</summary>
    public string? ReplyToWamid { get; init; }

    /// <summary>The vendor's timestamp; of an outbound message without one, when it was stored.</summary>
    public DateTime OccurredAt { get; init; }
    public DateTime? SentAt { get; init; }
    public DateTime? DeliveredAt { get; init; }
    public DateTime? ReadAt { get; init; }
    public DateTime? FailedAt { get; init; }
    public DateTime CreatedAt { get; init; }
}

/// <summary>Sort keys of messages.</summary>
public enum MessageSort
{
    OccurredAt,
}
