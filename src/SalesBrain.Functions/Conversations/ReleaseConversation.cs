using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Conversations;

namespace SalesBrain.Functions.Conversations;

/// <summary>Gives a conversation back, so that nobody has it. Agents their own, supervisors all.</summary>
public sealed class ReleaseConversation(RequestPipeline pipeline)
{
    [Function(nameof(ReleaseConversation))]
    [Operation("Conversations", "Release a conversation", BodyOptional = true, Description =
        "Nobody has it then, and agents can claim it. If the organization assigns in turns, it goes to the next agent within a minute.")]
    [Requires(Capability.WorkConversations)]
    [Returns(200, typeof(ConversationDetail))]
    [Problems("not_found", "conversation_unassigned", "conversation_closed")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/conversations/{conversationId:guid}/release")] HttpRequest request,
        Guid conversationId) =>
        pipeline.RunAsync<ReleaseConversation>(request, async call =>
        {
            await using var session = await call.WriteAsync();
            var change = await ConversationOwners.ReleaseAsync(session, conversationId, call.Now.UtcDateTime, call.CancellationToken);
            return change.Outcome switch
            {
                "released" => await ConversationChanges.CommitAsync(
                    call, session, "conversation.released", conversationId, change.OrganizationId, new { before = change.PreviousUserId }),
                "unassigned" => Problems.ConversationUnassigned,
                "closed" => Problems.ConversationClosed,
                _ => Problems.NotFound,
            };
        });
}
