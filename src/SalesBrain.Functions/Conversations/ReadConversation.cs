using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using Rows = SalesBrain.Data.Conversations.Conversations;

namespace SalesBrain.Functions.Conversations;

/// <summary>Marks what came in a conversation as read. For callers who answer it.</summary>
public sealed class ReadConversation(RequestPipeline pipeline)
{
    [Function(nameof(ReadConversation))]
    [Operation("Conversations", "Mark a conversation as read", BodyOptional = true, Description =
        "unread_count becomes 0, and inbound messages become read. Only in SalesBrain: the person does not see it.")]
    [Requires(Capability.WorkConversations)]
    [Returns(200, typeof(ConversationDetail))]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/conversations/{conversationId:guid}/read")] HttpRequest request,
        Guid conversationId) =>
        pipeline.RunAsync<ReadConversation>(request, async call =>
        {
            await using var session = await call.WriteAsync();
            if (await Rows.ReadAsync(session, conversationId, call.Now.UtcDateTime, call.CancellationToken) is null)
            {
                return Problems.NotFound;
            }
            var result = await ConversationChanges.ShowAsync(call, session, conversationId);
            await session.CommitAsync();
            return result;
        });
}
