using System.ComponentModel.DataAnnotations;
using SalesBrain.Core.Conversations;
using SalesBrain.Data.Conversations;

namespace SalesBrain.Functions.Conversations;

/// <summary>A conversation with the person, the assignment, and what can be sent.</summary>
public sealed record ConversationDetail : Conversation
{
    private ConversationDetail(Conversation conversation)
        : base(conversation)
    {
    }

    public required ConversationContact Contact { get; init; }

    /// <summary>Null while nobody has the conversation.</summary>
    public required ConversationAssignment? Assignment { get; init; }

    /// <summary>Whether free text can be sent, or only a template.</summary>
    public required MessagingWindow Window { get; init; }

    internal static ConversationDetail Of(ConversationRow row, DateTimeOffset now) => new(row)
    {
        Contact = new()
        {
            Id = row.ContactId,
            FirstName = row.FirstName,
            LastName = row.LastName,
            Company = row.Company,
            Title = row.Title,
            Phone = row.Phone,
            Email = row.Email,
            Tags = row.Tags,
            LeadId = row.LeadId,
            LeadStatus = row.LeadStatus,
        },
        Assignment = row is { AssignedTo: { } user, AssignedAt: { } at }
            ? new()
            {
                UserId = user,
                UserName = row.AssignedToName,
                AssignedBy = row.AssignedBy,
                AssignedAt = at,
                Reason = row.AssignmentReason,
            }
            : null,
        Window = MessagingWindow.At(now.UtcDateTime, row.WindowExpiresAt),
    };
}

/// <summary>The person of a conversation.</summary>
public sealed record ConversationContact
{
    public required Guid Id { get; init; }
    public required string? FirstName { get; init; }
    public required string? LastName { get; init; }
    public required string? Company { get; init; }
    public required string? Title { get; init; }
    public required string? Phone { get; init; }
    public required string? Email { get; init; }
    public required string[] Tags { get; init; }

    /// <summary>The newest lead of the contact; null if the contact is no lead.</summary>
    public required Guid? LeadId { get; init; }

    [AllowedValues("new", "contacted", "responded", "qualified", "converted", "rejected", null)]
    public required string? LeadStatus { get; init; }
}

/// <summary>Who has a conversation, and since when.</summary>
public sealed record ConversationAssignment
{
    public required Guid UserId { get; init; }
    public required string? UserName { get; init; }

    /// <summary>Null: in turn (<c>round_robin</c>).</summary>
    public required Guid? AssignedBy { get; init; }
    public required DateTime AssignedAt { get; init; }

    /// <summary><c>claimed</c>, <c>round_robin</c>, <c>assigned</c>, or the supervisor's words.</summary>
    public required string? Reason { get; init; }
}
