using SalesBrain.Data.Conversations;
using SalesBrain.Data.Sessions;
using Rows = SalesBrain.Data.Conversations.Conversations;

namespace SalesBrain.Functions.Conversations;

/// <summary>What the endpoints that change a conversation have in common.</summary>
internal static class ConversationChanges
{
    /// <summary>The conversation as a change has left it; 404 if it is not the caller's to see.</summary>
    internal static async Task<IResult> ShowAsync(Call call, DatabaseSession session, Guid conversationId) =>
        await Rows.FindAsync(session, conversationId, call.CancellationToken) is { } row
            ? EntityTags.ShowChanged(call, ConversationDetail.Of(row, call.Now))
            : Problems.NotFound;

    /// <summary>Audits a change of one conversation, commits, and shows the conversation.</summary>
    internal static async Task<IResult> CommitAsync(
        Call call, DatabaseSession session, string action, Guid conversationId, Guid? organizationId, object changes)
    {
        await call.AuditAsync(session, action, "conversation", conversationId, organizationId, changes);
        var result = await ShowAsync(call, session, conversationId);
        await session.CommitAsync();
        return result;
    }

    /// <summary>Locks a conversation that is (not) closed, or tells why it cannot be changed.</summary>
    internal static async Task<(Conversation? Conversation, Problem? Problem)> LockAsync(
        Call call, DatabaseSession session, Guid conversationId, bool closed) =>
        await Rows.LockAsync(session, conversationId, call.CancellationToken) switch
        {
            null => (null, Problems.NotFound),
            { Status: "closed" } when !closed => (null, Problems.ConversationClosed),
            { Status: not "closed" } when closed => (null, Problems.ConversationNotClosed),
            var conversation => (conversation, null),
        };
}
