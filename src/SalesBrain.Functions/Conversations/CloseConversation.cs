using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using Rows = SalesBrain.Data.Conversations.Conversations;

namespace SalesBrain.Functions.Conversations;

/// <summary>Closes a conversation. For callers who answer it.</summary>
public sealed class CloseConversation(RequestPipeline pipeline)
{
    [Function(nameof(CloseConversation))]
    [Operation(
        "Conversations", "Close a conversation", BodyOptional = true,
        Description = "The person's next message begins another conversation.")]
    [Requires(Capability.WorkConversations)]
    [Returns(200, typeof(ConversationDetail))]
    [Problems("not_found", "conversation_closed")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/conversations/{conversationId:guid}/close")] HttpRequest request,
        Guid conversationId) =>
        pipeline.RunAsync<CloseConversation>(request, async call =>
        {
            await using var session = await call.WriteAsync();
            var (conversation, problem) = await ConversationChanges.LockAsync(call, session, conversationId, closed: false);
            if (conversation is null)
            {
                return problem!;
            }
            await Rows.CloseAsync(session, conversation, call.Now.UtcDateTime, call.CancellationToken);
            return await ConversationChanges.CommitAsync(
                call, session, "conversation.closed", conversationId, conversation.OrganizationId,
                new { assigned_to = conversation.AssignedTo });
        });
}
