using SalesBrain.Core.Paging;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Conversations;

/// <summary>
/// Conversations as agents work with them. Row-level security shows agents their own and those that nobody has, and their supervisors all
/// of the organization.
/// </summary>
public static class Conversations
{
    private const string Columns = """
        c.id, c.organization_id, c.contact_id, nullif(concat_ws(' ', k.first_name, k.last_name), '') as contact_name, c.channel, c.peer_id, c.peer_name, c.status,
        c.assigned_to, app.agent_name(c.organization_id, c.assigned_to) as assigned_to_name, c.unread_count, c.last_inbound_at, c.window_expires_at,
        c.undeliverable_at, c.last_message_at, c.last_message_direction, c.last_message_preview, c.activity_at, c.closed_at, c.version, c.created_at, c.updated_at
        """;

    private const string Contact = "join app.contact k on k.organization_id = c.organization_id and k.id = c.contact_id";

    /// <summary>The sort key of each order.</summary>
    public static SortKey KeyOf(ConversationSort sort) => sort switch
    {
        _ => SortKey.Time("activity_at"),
    };

    /// <summary>A page of the conversations that match, and how many match in all.</summary>
    public static Task<(List<Conversation> Rows, BoundedCount Total)> ListAsync(
        DatabaseSession session, ConversationFilter filter, PageStart start, CancellationToken cancellationToken) =>
        PageQuery.ReadAsync<Conversation>(session, ListStatement(SessionScope.Of(session), filter, start), cancellationToken);

    internal static Statement ListStatement(SessionScope scope, ConversationFilter filter, PageStart start)
    {
        var organizationId = scope.OrganizationId ?? filter.OrganizationId;
        var page = new PageQuery(
            "conversation",
            """
            (@org::uuid is null or t.organization_id = @org) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
            and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @IsUnassigned or t.assigned_to is null)
            and (not @IsUnread or t.unread_count > 0)
            """,
            start,
            FinderOf(filter.Search, organizationId))
        {
            ReadsEachOrganization = organizationId is null,
        };
        return page.ToStatement(
            Columns,
            $"""
            join app.conversation c on c.id = p.id
            {Contact}
            """,
            new { org = organizationId, statuses = filter.Statuses.ToArray(), filter.AssignedTo, filter.IsUnassigned, filter.IsUnread });
    }

    /// <summary>One conversation; null if the session cannot see one with the id.</summary>
    public static Task<ConversationRow?> FindAsync(DatabaseSession session, Guid conversationId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<ConversationRow>($"""
            select {Columns}, k.first_name, k.last_name, k.company, k.title, k.phone, k.email, k.tags, l.lead_id, l.lead_status,
                a.assigned_at, a.assigned_by, a.reason as assignment_reason
            from app.conversation c
            {Contact}
            left join app.conversation_assignment a
                on a.organization_id = c.organization_id and a.conversation_id = c.id and a.ended_at is null
            left join lateral app.conversation_lead(c.id) l on true
            where c.id = @conversationId and (@org::uuid is null or c.organization_id = @org)
            """, new { conversationId, org = session.OrganizationId }, cancellationToken);

    /// <summary>Locks one conversation until the transaction ends; null if the session cannot change one with the id.</summary>
    public static Task<Conversation?> LockAsync(DatabaseSession session, Guid conversationId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<Conversation>("""
            select c.id, c.organization_id, c.status, c.assigned_to, c.version
            from app.conversation c
            where c.id = @conversationId and (@org::uuid is null or c.organization_id = @org)
            for no key update
            """, new { conversationId, org = session.OrganizationId }, cancellationToken);

    /// <summary>Closes a locked conversation. It stays with its user, who may reopen it.</summary>
    public static Task CloseAsync(DatabaseSession session, Conversation conversation, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            update app.conversation c set status = 'closed', closed_at = @now, updated_at = @now
            where c.organization_id = @OrganizationId and c.id = @Id
            """, new { conversation.OrganizationId, conversation.Id, now }, cancellationToken);

    /// <summary>
    /// Reopens a locked conversation, for the user who had it. Throws <see cref="Npgsql.PostgresException"/> with constraint
    /// <c>conversation_peer_key</c> if the person has another one that is not closed.
    /// </summary>
    public static Task ReopenAsync(DatabaseSession session, Conversation conversation, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            update app.conversation c set status = case when c.assigned_to is null then 'open' else 'assigned' end, closed_at = null, updated_at = @now
            where c.organization_id = @OrganizationId and c.id = @Id
            """, new { conversation.OrganizationId, conversation.Id, now }, cancellationToken);

    /// <summary>
    /// Marks what came in a conversation as read. Returns how much was unread; null if the session does not see one with the id.
    /// </summary>
    public static Task<int?> ReadAsync(DatabaseSession session, Guid conversationId, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<int?>(
            "select app.read_conversation(@conversationId, @now)", new { conversationId, now }, cancellationToken);

    /// <summary>The newest message that <see cref="ReadAsync"/> marked at a time; null if none has an id of the vendor.</summary>
    public static Task<ReadMessage?> FindNewestReadAsync(
        DatabaseSession session, Guid conversationId, DateTime readAt, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<ReadMessage>("""
            select m.organization_id, m.wamid
            from app.message m
            join app.conversation c on c.organization_id = m.organization_id and c.id = m.conversation_id
            where c.id = @conversationId and m.direction = 'inbound' and m.status = 'read' and m.read_at = @readAt and m.wamid is not null
            order by m.occurred_at desc, m.id desc
            limit 1
            """, new { conversationId, readAt }, cancellationToken);

    private static Finder? FinderOf(string? search, Guid? organizationId) => SearchTerm.Of(search) is not { } term ? null : new(
        """
        (strpos(t.search_text, @searchTerm) > 0 or exists (
            select from app.contact s where s.organization_id = t.organization_id and s.id = t.contact_id and strpos(s.search_text, @searchTerm) > 0))
        """,
        new { searchOrganizationId = organizationId, searchPattern = term.Pattern, searchTerm = term.Text })
    {
        Function = $"app.search_conversations(@searchOrganizationId, @searchPattern, {Finder.Probe})",
    };
}

/// <summary>A message of a person that was read.</summary>
public sealed record ReadMessage
{
    public Guid OrganizationId { get; init; }

    /// <summary>The vendor's id of the message.</summary>
    public string Wamid { get; init; } = "";
}
