using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Conversations;

namespace SalesBrain.Functions.Conversations;

/// <summary>Sends a message again that failed or is unknown, for those who work with its conversation.</summary>
public sealed class RetryMessage(RequestPipeline pipeline, MessageDecisions decisions)
{
    [Function(nameof(RetryMessage))]
    [Operation("Messages", "Send a message again", Description =
        "For a message that is unknown, or failed before WhatsApp took it. If WhatsApp did take an unknown message, the person gets it "
        + "twice. A message that WhatsApp took and then failed to deliver is not sent again: send a new one.")]
    [Requires(Capability.WorkConversations)]
    [Returns(200, typeof(ConversationMessage))]
    [Problems("not_found", "message_state", "whatsapp_not_configured", "whatsapp_needs_reconnect", "window_closed", "conversation_closed")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/messages/{messageId:guid}/retry")] HttpRequest request, Guid messageId) =>
        pipeline.RunAsync<RetryMessage>(request, call => decisions.DecideAsync(call, messageId, "retry", "message.retried"));
}
