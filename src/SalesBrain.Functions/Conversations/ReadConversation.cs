using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Functions.Whatsapp.Sending;
using Rows = SalesBrain.Data.Conversations.Conversations;

namespace SalesBrain.Functions.Conversations;

/// <summary>Marks what came in a conversation as read. For callers who answer it.</summary>
public sealed class ReadConversation(RequestPipeline pipeline, ReadReceipts receipts)
{
    [Function(nameof(ReadConversation))]
    [Operation("Conversations", "Mark a conversation as read", BodyOptional = true, Description =
        "unread_count becomes 0, and inbound messages become read. After the response, WhatsApp is told once that the newest of them was "
        + "read, so the person sees it. If WhatsApp cannot be reached, the person does not.")]
    [Requires(Capability.WorkConversations)]
    [Returns(200, typeof(ConversationDetail))]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/conversations/{conversationId:guid}/read")] HttpRequest request,
        Guid conversationId) =>
        pipeline.RunAsync<ReadConversation>(request, async call =>
        {
            await using var session = await call.WriteAsync();
            // As the database stores it, because the messages are found by it.
            var now = new DateTime(call.Now.UtcTicks - (call.Now.UtcTicks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);
            if (await Rows.ReadAsync(session, conversationId, now, call.CancellationToken) is not { } unread)
            {
                return Problems.NotFound;
            }
            var newest = unread > 0 ? await Rows.FindNewestReadAsync(session, conversationId, now, call.CancellationToken) : null;
            var result = await ConversationChanges.ShowAsync(call, session, conversationId);
            await session.CommitAsync();
            if (newest is not null)
            {
                receipts.Queue(newest.OrganizationId, newest.Wamid);
            }
            return result;
        });
}
