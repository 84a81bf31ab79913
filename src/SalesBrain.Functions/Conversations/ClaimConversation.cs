using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Conversations;

namespace SalesBrain.Functions.Conversations;

/// <summary>Gives a conversation that nobody has to the caller. For callers who answer conversations.</summary>
public sealed class ClaimConversation(RequestPipeline pipeline)
{
    [Function(nameof(ClaimConversation))]
    [Operation("Conversations", "Claim a conversation", BodyOptional = true, Description =
        "Of many callers at once one wins. The others get conversation_taken, whose detail names the user who has it. Claiming your own "
        + "conversation changes nothing. Platform administrators belong to no organization and cannot claim.")]
    [Requires(Capability.WorkConversations)]
    [Returns(200, typeof(ConversationDetail))]
    [Problems("not_found", "conversation_taken", "conversation_closed")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/conversations/{conversationId:guid}/claim")] HttpRequest request,
        Guid conversationId) =>
        pipeline.RunAsync<ClaimConversation>(request, async call =>
        {
            await using var session = await call.WriteAsync();
            var claim = await ConversationOwners.ClaimAsync(
                session, conversationId, call.Caller.UserId, call.Now.UtcDateTime, call.CancellationToken);
            return claim.Outcome switch
            {
                "claimed" => await ConversationChanges.CommitAsync(
                    call, session, "conversation.claimed", conversationId, claim.OrganizationId, new { }),
                "yours" => await ConversationChanges.ShowAsync(call, session, conversationId),
                "taken" => Problems.ConversationTaken.Because($"{claim.UserName} has the conversation."),
                "closed" => Problems.ConversationClosed,
                "unsuitable" => Problems.Forbidden,
                _ => Problems.NotFound,
            };
        });
}
