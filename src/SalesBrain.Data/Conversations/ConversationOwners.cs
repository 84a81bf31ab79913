using System.ComponentModel.DataAnnotations;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Conversations;

/// <summary>Who has a conversation. The functions lock the user before the conversation, and write the history.</summary>
public static class ConversationOwners
{
    /// <summary>Gives a conversation that nobody has to a user.</summary>
    public static Task<ClaimResult> ClaimAsync(
        DatabaseSession session, Guid conversationId, Guid userId, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<ClaimResult>("""
            select c.outcome, c.organization_id, c.user_id, c.user_name from app.claim_conversation(@conversationId, @userId, @now) c
            """, new { conversationId, userId, now }, cancellationToken);

    /// <summary>Gives a conversation to an agent or a supervisor, whoever has it.</summary>
    public static Task<OwnerChange> AssignAsync(
        DatabaseSession session, Guid conversationId, Guid userId, Guid assignerId, string? reason, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<OwnerChange>("""
            select a.outcome, a.organization_id, a.previous_user_id from app.assign_conversation(@conversationId, @userId, @assignerId, @reason, @now) a
            """, new { conversationId, userId, assignerId, reason, now }, cancellationToken);

    /// <summary>Takes a conversation from the user who has it.</summary>
    public static Task<OwnerChange> ReleaseAsync(
        DatabaseSession session, Guid conversationId, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<OwnerChange>("""
            select r.outcome, r.organization_id, r.previous_user_id from app.release_conversation(@conversationId, @now) r
            """, new { conversationId, now }, cancellationToken);

    /// <summary>The active agents and supervisors of an organization, by name.</summary>
    public static Task<List<ConversationAssignee>> ListAssigneesAsync(
        DatabaseSession session, Guid organizationId, DateTime now, CancellationToken cancellationToken) =>
        session.QueryAsync<ConversationAssignee>("""
            select a.id, a.name, a.role, a.is_present, a.assigned_count from app.conversation_assignees(@organizationId, @now) a
            """, new { organizationId, now }, cancellationToken);

    /// <summary>
    /// Gives conversations that nobody has to present agents, in each organization that wants turns (<c>settings.conversations.assign</c>).
    /// Returns how many.
    /// </summary>
    public static async Task<int> AssignWaitingAsync(PlatformSession session, DateTime now, CancellationToken cancellationToken)
    {
        var organizations = await session.QueryAsync<Guid>("""
            select o.id
            from app.organization o
            where o.status = 'active' and o.settings #>> '{conversations,assign}' = 'round_robin'
                and exists (
                    select from app.conversation c where c.organization_id = o.id and c.status = 'open' and c.last_inbound_at is not null)
            order by o.id
            """, null, cancellationToken);
        var assigned = 0;
        foreach (var organization in organizations)
        {
            // A transaction of its own for each, so that the turns are not locked for long.
            assigned += await session.QuerySingleAsync<int>(
                "select count(*)::int from app.assign_conversations(@organization, null, @now)", new { organization, now },
                cancellationToken);
        }
        return assigned;
    }
}

/// <summary>What came of claiming a conversation.</summary>
public sealed record ClaimResult
{
    /// <summary><c>claimed</c>, <c>yours</c>, <c>taken</c>, <c>closed</c>, <c>unsuitable</c> or <c>not_found</c>.</summary>
    public string Outcome { get; init; } = "";
    public Guid? OrganizationId { get; init; }

    /// <summary>Who has the conversation now.</summary>
    public Guid? UserId { get; init; }
    public string? UserName { get; init; }
}

/// <summary>What came of giving or taking a conversation.</summary>
public sealed record OwnerChange
{
    /// <summary>
    /// <c>assigned</c>, <c>unchanged</c>, <c>released</c>, <c>unassigned</c>, <c>closed</c>, <c>unsuitable</c> or <c>not_found</c>.
    /// </summary>
    public string Outcome { get; init; } = "";
    public Guid? OrganizationId { get; init; }

    /// <summary>Who had the conversation before.</summary>
    public Guid? PreviousUserId { get; init; }
}

/// <summary>A user to whom conversations can be assigned.</summary>
public sealed record ConversationAssignee
{
    public Guid Id { get; init; }
    public string Name { get; init; } = "";

    [AllowedValues("agent", "agent_supervisor")]
    public string Role { get; init; } = "";

    /// <summary>Whether the user takes part in turns now. Supervisors do not.</summary>
    public bool IsPresent { get; init; }

    /// <summary>Number of conversations that the user has and that are not closed.</summary>
    public long AssignedCount { get; init; }
}
