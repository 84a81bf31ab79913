using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Conversations;

namespace SalesBrain.Functions.Conversations;

/// <summary>
/// Gives a conversation to an agent or a supervisor, also one that another user has. For supervisors, owners and administrators.
/// </summary>
public sealed class AssignConversation(RequestPipeline pipeline)
{
    [Function(nameof(AssignConversation))]
    [Operation("Conversations", "Assign a conversation", Description =
        "The user must be an active agent or supervisor of the organization, and is notified, except by their own action. The user who had "
        + "the conversation no longer has it.")]
    [Requires(Capability.AssignConversations)]
    [Returns(200, typeof(ConversationDetail))]
    [Problems("not_found", "conversation_closed")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/conversations/{conversationId:guid}/assign")] HttpRequest request,
        Guid conversationId) =>
        pipeline.RunAsync<AssignConversation, AssignConversationRequest>(request, async (call, input) =>
        {
            await using var session = await call.WriteAsync();
            var change = await ConversationOwners.AssignAsync(
                session, conversationId, input.UserId, call.Caller.UserId, TrimmedText.Of(input.Reason), call.Now.UtcDateTime,
                call.CancellationToken);
            return change.Outcome switch
            {
                "assigned" => await ConversationChanges.CommitAsync(
                    call, session, "conversation.assigned", conversationId, change.OrganizationId,
                    new { before = change.PreviousUserId, after = input.UserId }),
                "unchanged" => await ConversationChanges.ShowAsync(call, session, conversationId),
                "closed" => Problems.ConversationClosed,
                "unsuitable" => Problems.InvalidMember("user_id", "must be the id of an active agent or supervisor of the organization"),
                _ => Problems.NotFound,
            };
        });
}

public sealed record AssignConversationRequest
{
    /// <summary>An agent or supervisor of the organization.</summary>
    public required Guid UserId { get; init; }

    /// <summary>Why, for the history of the conversation.</summary>
    [StringLength(500)]
    public string? Reason { get; init; }
}
