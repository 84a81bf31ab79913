using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using SalesBrain.Core.Paging;
using SalesBrain.Core.Rows;

namespace SalesBrain.Data.Conversations;

/// <summary>A conversation with a person, as shown in lists.</summary>
public record Conversation : IVersionedRow, IListedRow
{
    public Guid Id { get; init; }

    [JsonIgnore]
    public long Version { get; init; }

    [JsonIgnore]
    public string? Position { get; init; }
    public Guid OrganizationId { get; init; }
    public Guid ContactId { get; init; }

    /// <summary>The name of the contact; null if it has none.</summary>
    public string? ContactName { get; init; }

    [AllowedValues("whatsapp")]
    public string Channel { get; init; } = "";

    /// <summary>The vendor's id of the person. Often the phone number in digits, but not always.</summary>
    public string PeerId { get; init; } = "";

    /// <summary>As the person calls themselves at the vendor.</summary>
    public string? PeerName { get; init; }

    /// <summary>
    /// <c>open</c>: nobody has it. <c>assigned</c>: a user has it. <c>closed</c>: the person's next message begins another one.
    /// </summary>
    [AllowedValues("open", "assigned", "closed")]
    public string Status { get; init; } = "";

    /// <summary>The user who has the conversation, or had it when it was closed.</summary>
    public Guid? AssignedTo { get; init; }
    public string? AssignedToName { get; init; }

    /// <summary>Number of messages of the person that nobody has read.</summary>
    public int UnreadCount { get; init; }
    public DateTime? LastInboundAt { get; init; }

    /// <summary>Until then free text can be sent. Null: the person has never written.</summary>
    public DateTime? WindowExpiresAt { get; init; }

    /// <summary>
    /// Since when WhatsApp cannot deliver to the person (error 131026), such as a number that is not on WhatsApp. Null: not since a message
    /// was delivered, or the person wrote.
    /// </summary>
    public DateTime? UndeliverableAt { get; init; }
    public DateTime? LastMessageAt { get; init; }

    [AllowedValues("inbound", "outbound", null)]
    public string? LastMessageDirection { get; init; }

    /// <summary>The beginning of the last message.</summary>
    public string? LastMessagePreview { get; init; }

    /// <summary>When the last message was, or when the conversation began.</summary>
    public DateTime ActivityAt { get; init; }
    public DateTime? ClosedAt { get; init; }
    public DateTime CreatedAt { get; init; }
    public DateTime UpdatedAt { get; init; }
}

/// <summary>A conversation with the person and the assignment.</summary>
public sealed record ConversationRow : Conversation
{
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Company { get; init; }
    public string? Title { get; init; }
    public string? Phone { get; init; }
    public string? Email { get; init; }
    public string[] Tags { get; init; } = [];
    public Guid? LeadId { get; init; }
    public string? LeadStatus { get; init; }
    public DateTime? AssignedAt { get; init; }
    public Guid? AssignedBy { get; init; }
    public string? AssignmentReason { get; init; }
}

/// <summary>Sort keys of conversations.</summary>
public enum ConversationSort
{
    ActivityAt,
}

/// <summary>Which conversations a list has.</summary>
public sealed record ConversationFilter
{
    public Guid? OrganizationId { get; init; }
    public IReadOnlyCollection<string> Statuses { get; init; } = [];

    /// <summary>Those of this user.</summary>
    public Guid? AssignedTo { get; init; }

    /// <summary>Those that nobody has.</summary>
    public bool IsUnassigned { get; init; }

    /// <summary>Those with unread messages.</summary>
    public bool IsUnread { get; init; }
    public string? Search { get; init; }
}
