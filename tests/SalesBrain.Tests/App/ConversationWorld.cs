namespace SalesBrain.Tests.App;

/// <summary>Conversations and their messages, made straight in the database.</summary>
public static class ConversationWorld
{
    public const string Path = "/api/conversations";

    private static long _number = 491_700_000_000;

    /// <summary>A conversation. With a user it is assigned to them, also in its history; its contact is made if none is given.</summary>
    public static async Task<Guid> CreateConversationAsync(
        this TestApp app, Guid organizationId, Guid? contactId = null, Guid? assignedTo = null, string? status = null,
        string? peerId = null, string? peerName = null, DateTime? lastInboundAt = null, int unread = 0, DateTime? activityAt = null,
        string? preview = null)
    {
        var id = Guid.CreateVersion7();
        var inboundAt = lastInboundAt ?? DateTime.UtcNow;
        await app.ExecuteAsync("""
            insert into app.conversation (
                id, organization_id, contact_id, peer_id, peer_name, status, assigned_to, last_inbound_at, window_expires_at, last_message_at,
                last_message_direction, last_message_preview, unread_count, closed_at)
            values (
                @id, @organizationId, @contactId, @peerId, @peerName, @status, @assignedTo, @inboundAt, @inboundAt + interval '24 hours', @activityAt, 'inbound',
                @preview, @unread, case when @status = 'closed' then now() end);
            insert into app.conversation_assignment (organization_id, conversation_id, user_id, assigned_by, assigned_at, reason)
            select @organizationId, @id, @assignedTo, @assignedTo, now(), 'claimed' where @assignedTo is not null;
            """, new
        {
            id,
            organizationId,
            contactId = contactId ?? await app.CreatePersonAsync(organizationId),
            peerId = peerId ?? $"{Interlocked.Increment(ref _number)}",
            peerName,
            status = status ?? (assignedTo is null ? "open" : "assigned"),
            assignedTo,
            inboundAt,
            activityAt = activityAt ?? inboundAt,
            preview,
            unread,
        });
        return id;
    }

    /// <summary>A message of a conversation, which changes nothing of the conversation.</summary>
    public static async Task<Guid> CreateMessageAsync(
        this TestApp app, Guid conversationId, string direction = "inbound", string text = "Hello", DateTime? occurredAt = null, string? status = null)
    {
        var now = DateTimeOffset.UtcNow;
        var id = Guid.CreateVersion7(now);
        await app.ExecuteAsync("""
            insert into app.message (
                id, organization_id, conversation_id, direction, type, text, wamid, status, occurred_at, created_at, updated_at)
            select @id, c.organization_id, c.id, @direction, 'text', @text, @wamid, @status, @occurredAt, @now, @now
            from app.conversation c where c.id = @conversationId
            """, new
        {
            id,
            conversationId,
            direction,
            text,
            wamid = $"wamid.{id:N}",
            status = status ?? (direction == "inbound" ? "delivered" : "sent"),
            occurredAt = occurredAt ?? now.UtcDateTime,
            now = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()).UtcDateTime,
        });
        return id;
    }

    /// <summary>Who has a conversation, and the reasons of its assignments, the oldest first.</summary>
    public static async Task<(string Status, Guid? AssignedTo, IReadOnlyList<string> History)> ConversationOwnerAsync(
        this TestApp app, Guid conversationId)
    {
        var (status, user) = await app.QuerySingleAsync<(string, Guid?)>(
            "select status, assigned_to from app.conversation where id = @conversationId", new { conversationId });
        return (status, user, await app.QueryAsync<string>("""
            select a.reason || case when a.ended_at is null then '' else ' (ended)' end
            from app.conversation_assignment a where a.conversation_id = @conversationId order by a.assigned_at, a.id
            """, new { conversationId }));
    }

    /// <summary>Lets the organization's new conversations go to present agents in turns.</summary>
    public static Task TakeTurnsAsync(this TestApp app, Guid organizationId) => app.ExecuteAsync(
        """update app.organization set settings = '{"conversations": {"assign": "round_robin"}}' where id = @organizationId""",
        new { organizationId });

    /// <summary>An agent who is present until a time; an hour from now if none is given.</summary>
    public static async Task<TestUser> CreatePresentAgentAsync(this TestApp app, Guid organizationId, DateTime? until = null)
    {
        var agent = await app.CreateUserAsync("agent", organizationId);
        await app.ExecuteAsync("""
            insert into app.agent_presence (organization_id, user_id, present_until) values (@organizationId, @Id, @until)
            """, new { organizationId, agent.Id, until = until ?? DateTime.UtcNow.AddHours(1) });
        return agent;
    }
}
