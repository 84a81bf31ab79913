using SalesBrain.Core.Paging;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Conversations;

/// <summary>The messages of a conversation, in the order of the vendor's timestamps.</summary>
public static class ConversationMessages
{
    private const string Columns = """
        m.id, m.conversation_id, m.direction, m.type, m.text, m.payload, m.wamid, m.status, m.error_code, m.error_message, m.sent_by,
        app.agent_name(m.organization_id, m.sent_by) as sent_by_name, m.client_message_id, m.reply_to_wamid, m.occurred_at, m.sent_at, m.delivered_at,
        m.read_at, m.failed_at, m.created_at
        """;

    /// <summary>The sort key of each order.</summary>
    public static SortKey KeyOf(MessageSort sort) => sort switch
    {
        _ => SortKey.Time("occurred_at"),
    };

    /// <summary>A page of a conversation's messages, and how many there are in all.</summary>
    public static Task<(List<ConversationMessage> Rows, BoundedCount Total)> ListAsync(
        DatabaseSession session, Guid organizationId, Guid conversationId, PageStart start, CancellationToken cancellationToken) =>
        PageQuery.ReadAsync<ConversationMessage>(session, ListStatement(organizationId, conversationId, start), cancellationToken);

    internal static Statement ListStatement(Guid organizationId, Guid conversationId, PageStart start) =>
        new PageQuery("message", "t.organization_id = @organizationId and t.conversation_id = @conversationId", start)
            .ToStatement(
                Columns,
                // By the columns of the index: an id alone would be looked for in every month.
                """
                join app.message m
                    on m.organization_id = @organizationId and m.conversation_id = @conversationId and m.occurred_at = p.position::timestamptz and m.id = p.id
                """,
                new { organizationId, conversationId });

    /// <summary>A message that the session sees, by its id and the time in it.</summary>
    public static Task<ConversationMessage?> FindAsync(
        DatabaseSession session, Guid messageId, DateTime createdAt, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<ConversationMessage>($"""
            select {Columns}
            from app.message m
            where (@org::uuid is null or m.organization_id = @org) and m.created_at = @createdAt and m.id = @messageId
            """, new { org = session.OrganizationId, messageId, createdAt }, cancellationToken);
}
