using SalesBrain.Core.Values;
using SalesBrain.Core.Whatsapp;
using SalesBrain.Data.Conversations;

namespace SalesBrain.Functions.Conversations;

/// <summary>What a person decides about a message that was not sent, or of which nobody knows whether it was.</summary>
public sealed class MessageDecisions(MessageSignal signal)
{
    /// <param name="decision"><c>retry</c> or <c>fail</c>.</param>
    /// <param name="action">The name of the action in the audit log.</param>
    internal async Task<IResult> DecideAsync(Call call, Guid messageId, string decision, string action)
    {
        var createdAt = TimeOrderedIds.CreatedAt(messageId);
        await using var session = await call.WriteAsync();
        var decided = await OutboundMessages.DecideAsync(
            session, messageId, createdAt, decision, call.Now.UtcDateTime, call.CancellationToken);
        if (decided.Outcome == "state")
        {
            return Problems.MessageState.Because($"The message is {decided.Status}.");
        }
        if (decided.Outcome != "done")
        {
            return MessageSubmission.ProblemOf(decided.Outcome, decided.ClosedAt);
        }
        var message = (await ConversationMessages.FindAsync(session, messageId, createdAt, call.CancellationToken))!;
        await call.AuditAsync(session, action, "message", messageId, decided.OrganizationId, new { status = decided.Status });
        await session.CommitAsync();
        if (decision == "retry")
        {
            signal.Raise();
        }
        return ApiResults.Ok(message);
    }
}
