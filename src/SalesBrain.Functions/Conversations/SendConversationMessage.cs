using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Conversations;

namespace SalesBrain.Functions.Conversations;

/// <summary>Sends a message in a conversation, for those who work with it.</summary>
public sealed class SendConversationMessage(RequestPipeline pipeline, MessageSubmission submission)
{
    [Function(nameof(SendConversationMessage))]
    [Operation("Messages", "Send a message in a conversation", Description =
        "The same as POST /api/messages/send with conversation_id. An agent who writes in a conversation that nobody has claims it.")]
    [Requires(Capability.WorkConversations)]
    [Returns(202, typeof(ConversationMessage))]
    [Problems("not_found", "whatsapp_not_configured", "whatsapp_needs_reconnect", "window_closed", "conversation_closed")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/conversations/{conversationId:guid}/messages")] HttpRequest request, Guid conversationId) =>
        pipeline.RunAsync<SendConversationMessage, SendConversationMessageRequest>(request, async (call, input) =>
            await OutboundMessages.FindOrganizationAsync(call.Read(), conversationId, call.CancellationToken) is { } organization
                ? await submission.SendAsync(call, organization, conversationId, null, input)
                : Problems.NotFound);
}

public sealed record SendConversationMessageRequest : MessageFields;
