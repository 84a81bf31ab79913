using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Conversations;

/// <summary>Messages to people. Sessions of tenants write them by functions of the database only.</summary>
public static class OutboundMessages
{
    /// <summary>Stores a message and queues it, unless the conversation or the account does not allow it.</summary>
    public static Task<SentRequest> SendAsync(DatabaseSession session, NewMessage message, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<SentRequest>("""
            select s.outcome, s.message_id, s.message_created_at, s.conversation_id, s.closed_at
            from app.send_message(
                @OrganizationId, @InConversation, @To, @Id, @CreatedAt, @SenderId, @Type, @Text, @Payload::jsonb, @Preview, @ClientMessageId, @ReplyTo,
                @ReplyToCreatedAt) s
            """, message.ToParameters(), cancellationToken);

    /// <summary>
    /// Retries a message (<c>retry</c>) or gives it up (<c>fail</c>), unless its status or the account does not allow it.
    /// </summary>
    public static Task<MessageDecision> DecideAsync(
        DatabaseSession session, Guid messageId, DateTime createdAt, string decision, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<MessageDecision>("""
            select d.outcome, d.status, d.closed_at, d.organization_id from app.decide_message(@messageId, @createdAt, @decision, @now) d
            """, new { messageId, createdAt, decision, now }, cancellationToken);

    /// <summary>The organization of a conversation that the session sees.</summary>
    public static Task<Guid?> FindOrganizationAsync(DatabaseSession session, Guid conversationId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<Guid?>(
            "select c.organization_id from app.conversation c where (@org::uuid is null or c.organization_id = @org) "
            + "and c.id = @conversationId",
            new { org = session.OrganizationId, conversationId }, cancellationToken);

    /// <summary>
    /// Whether the organization has the template, if its templates were listed since a time; else null.
    /// </summary>
    public static Task<bool?> HasTemplateAsync(
        DatabaseSession session, Guid organizationId, string name, string language, DateTime since, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<bool?>("""
            select exists (
                select from jsonb_array_elements(a.templates) t
                where t ->> 'name' = @name and t ->> 'language' = @language and coalesce(t ->> 'status', 'APPROVED') = 'APPROVED')
            from app.whatsapp_account a
            where a.organization_id = @organizationId and a.templates_at >= @since and jsonb_typeof(a.templates) = 'array'
            """, new { organizationId, name, language, since }, cancellationToken);
}

/// <summary>A message to send.</summary>
// A class, not a record: a record's ToString would print the text and the number.
public sealed class NewMessage
{
    public required Guid Id { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required Guid OrganizationId { get; init; }
    public required Guid SenderId { get; init; }

    /// <summary>The conversation; null: that with <see cref="To"/>.</summary>
    public Guid? InConversation { get; init; }

    /// <summary>The vendor's id of the person.</summary>
    public string? To { get; init; }
    public required string Type { get; init; }
    public string? Text { get; init; }

    /// <summary>JSON: the template under <c>template</c>.</summary>
    public required string Payload { get; init; }

    /// <summary>What lists of conversations show.</summary>
    public required string Preview { get; init; }
    public string? ClientMessageId { get; init; }
    public Guid? ReplyTo { get; init; }
    public DateTime? ReplyToCreatedAt { get; init; }

    internal object ToParameters() => new
    {
        OrganizationId,
        InConversation,
        To,
        Id,
        CreatedAt,
        SenderId,
        Type,
        Text,
        Payload,
        Preview,
        ClientMessageId,
        ReplyTo,
        ReplyToCreatedAt,
    };
}

/// <summary>What came of a request to send.</summary>
public sealed record SentRequest
{
    /// <summary>As <c>app.send_message</c> names it.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>The queued message, or the one that the caller's id names.</summary>
    public Guid? MessageId { get; init; }
    public DateTime? MessageCreatedAt { get; init; }
    public Guid? ConversationId { get; init; }

    /// <summary>When the window closed; null if it was never open.</summary>
    public DateTime? ClosedAt { get; init; }
}

/// <summary>What came of a person's decision about a message.</summary>
public sealed record MessageDecision
{
    /// <summary>As <c>app.decide_message</c> names it.</summary>
    public string Outcome { get; init; } = "";
    public string? Status { get; init; }
    public DateTime? ClosedAt { get; init; }
    public Guid? OrganizationId { get; init; }
}
