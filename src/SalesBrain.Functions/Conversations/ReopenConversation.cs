using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using Rows = SalesBrain.Data.Conversations.Conversations;

namespace SalesBrain.Functions.Conversations;

/// <summary>Reopens a closed conversation, for the user who had it. For callers who answer it.</summary>
public sealed class ReopenConversation(RequestPipeline pipeline)
{
    [Function(nameof(ReopenConversation))]
    [Operation("Conversations", "Reopen a conversation", BodyOptional = true, Description =
        "It goes back to the user who had it. Not possible while the person has another conversation that is not closed.")]
    [Requires(Capability.WorkConversations)]
    [Returns(200, typeof(ConversationDetail))]
    [Problems("not_found", "conversation_not_closed", "conversation_superseded")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/conversations/{conversationId:guid}/reopen")] HttpRequest request,
        Guid conversationId) =>
        pipeline.RunAsync<ReopenConversation>(request, async call =>
        {
            await using var session = await call.WriteAsync();
            var (conversation, problem) = await ConversationChanges.LockAsync(call, session, conversationId, closed: true);
            if (conversation is null)
            {
                return problem!;
            }
            await Rows.ReopenAsync(session, conversation, call.Now.UtcDateTime, call.CancellationToken);
            return await ConversationChanges.CommitAsync(
                call, session, "conversation.reopened", conversationId, conversation.OrganizationId,
                new { assigned_to = conversation.AssignedTo });
        });
}
