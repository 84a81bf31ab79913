using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using Rows = SalesBrain.Data.Conversations.Conversations;

namespace SalesBrain.Functions.Conversations;

/// <summary>Returns one conversation with the person, the assignment, and what can be sent. For callers who can see it.</summary>
public sealed class GetConversation(RequestPipeline pipeline)
{
    [Function(nameof(GetConversation))]
    [Operation("Conversations", "Get a conversation", Description =
        "window says whether free text can be sent: within 24 hours after the person's last message. Otherwise a template is needed.")]
    [Requires(Capability.ReadConversations)]
    [Returns(200, typeof(ConversationDetail))]
    [Returns(304)]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/conversations/{conversationId:guid}")] HttpRequest request,
        Guid conversationId) =>
        pipeline.RunAsync<GetConversation>(request, async call =>
            await Rows.FindAsync(call.Read(), conversationId, call.CancellationToken) is { } row
                ? EntityTags.Show(call, ConversationDetail.Of(row, call.Now))
                : Problems.NotFound);
}
