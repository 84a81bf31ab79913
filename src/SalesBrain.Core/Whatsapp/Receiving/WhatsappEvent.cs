using System.Text.Json;

namespace SalesBrain.Core.Whatsapp.Receiving;

/// <summary>
/// What one event does, as <c>app.apply_whatsapp_events</c> reads it. The members are the attributes of the database's type
/// <c>app.whatsapp_event</c>: a new one needs a migration.
/// </summary>
public sealed record WhatsappEvent
{
    public const string Message = "message";
    public const string NumberChanged = "number_changed";
    public const string MessageStatus = "status";

    public Guid LogId { get; init; }
    public DateTime LogCreatedAt { get; init; }
    public Guid OrganizationId { get; init; }

    /// <summary>One of the constants.</summary>
    public string Kind { get; init; } = "";
    public DateTime OccurredAt { get; init; }

    /// <summary>The vendor's id of the message that came, or that the status is about.</summary>
    public string Wamid { get; init; } = "";

    /// <summary>The vendor's id of the person.</summary>
    public string? PeerId { get; init; }
    public string? PeerName { get; init; }

    /// <summary>The person's new id, if their number has changed.</summary>
    public string? NewPeerId { get; init; }

    /// <summary>The vendor's type of the message.</summary>
    public string? Type { get; init; }
    public string? Text { get; init; }

    /// <summary>The line that lists of conversations show.</summary>
    public string? Preview { get; init; }

    /// <summary>What the message has beyond its text.</summary>
    public JsonElement? Payload { get; init; }
    public string? ReplyToWamid { get; init; }

    /// <summary>Whether it is something new to read: a reaction is not.</summary>
    public bool? IsNews { get; init; }
    public Guid? ActivityId { get; init; }
    public WhatsappActivityDetails? Details { get; init; }

    /// <summary>sent, delivered, read or failed.</summary>
    public string? Status { get; init; }
    public string? ErrorCode { get; init; }
    public string? ErrorMessage { get; init; }

    /// <summary>Whether the vendor says that nothing can be delivered to the person.</summary>
    public bool? IsUndeliverable { get; init; }

    /// <summary>The id of our message, which we gave to the vendor.</summary>
    public Guid? CallbackId { get; init; }
    public DateTime? CallbackCreatedAt { get; init; }
}

/// <summary>What the timeline of a lead shows of a message. Not its text: not everyone who sees the lead may read conversations.</summary>
public sealed record WhatsappActivityDetails(string Channel, string MessageType);
