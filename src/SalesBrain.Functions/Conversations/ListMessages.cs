using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Conversations;
using Rows = SalesBrain.Data.Conversations.Conversations;

namespace SalesBrain.Functions.Conversations;

/// <summary>Lists the messages of a conversation, for callers who can see it.</summary>
public sealed class ListMessages(RequestPipeline pipeline)
{
    [Function(nameof(ListMessages))]
    [Operation("Conversations", "List the messages of a conversation", Description =
        "In the order of the vendor's timestamps, the newest first by default. cursor goes on to older messages; with sort_order=asc the "
        + "oldest come first, and cursor goes on to newer ones.")]
    [Requires(Capability.ReadConversations)]
    [Returns(200, typeof(Listing<ConversationMessage>), Bare = true)]
    [Returns(304)]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/conversations/{conversationId:guid}/messages")] HttpRequest request,
        Guid conversationId) =>
        pipeline.RunAsync<ListMessages, ListMessagesRequest>(request, async (call, input) =>
        {
            if (!input.TryStart(call.Cursors, ConversationMessages.KeyOf(input.SortBy), out var start))
            {
                return PageCursors.Invalid;
            }
            var session = call.Read();
            if (await Rows.FindAsync(session, conversationId, call.CancellationToken) is not { } conversation)
            {
                return Problems.NotFound;
            }
            var (rows, total) = await ConversationMessages.ListAsync(
                session, conversation.OrganizationId, conversationId, start, call.CancellationToken);
            return EntityTags.ShowPage(call, input.ToPage(call.Cursors, rows, total));
        });
}

public sealed record ListMessagesRequest : V1List<MessageSort>;
