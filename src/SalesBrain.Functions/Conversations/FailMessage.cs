using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Conversations;

namespace SalesBrain.Functions.Conversations;

/// <summary>Gives up a message that is queued or unknown, for those who work with its conversation.</summary>
public sealed class FailMessage(RequestPipeline pipeline, MessageDecisions decisions)
{
    [Function(nameof(FailMessage))]
    [Operation("Messages", "Give a message up", Description =
        "A queued message is not sent any more. An unknown one is not waited for any longer; if WhatsApp reports later that it was delivered, its status says so.")]
    [Requires(Capability.WorkConversations)]
    [Returns(200, typeof(ConversationMessage))]
    [Problems("not_found", "message_state")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/messages/{messageId:guid}/fail")] HttpRequest request, Guid messageId) =>
        pipeline.RunAsync<FailMessage>(request, call => decisions.DecideAsync(call, messageId, "fail", "message.given_up"));
}
