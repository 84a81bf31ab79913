using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Conversations;

public sealed class ReadConversationTests(TestApp app)
{
    [Fact]
    public async Task Inbound_messages_become_read_and_outbound_ones_stay_as_they_are()
    {
        var agent = await app.CreateUserAsync("agent");
        var conversation = await app.CreateConversationAsync(agent.OrganizationId!.Value, unread: 2);
        Guid[] inbound = [await app.CreateMessageAsync(conversation), await app.CreateMessageAsync(conversation)];
        var outbound = await app.CreateMessageAsync(conversation, "outbound", status: "delivered");
        using var client = app.As(agent);

        using var response = await client.PostAsync($"{ConversationWorld.Path}/{conversation}/read", null);

        (await response.DataAsync()).AssertIncludes(new { UnreadCount = 0 });
        var rows = await app.QueryAsync<(Guid Id, string Status, DateTime? ReadAt)>(
            "select id, status, read_at from app.message where conversation_id = @conversation", new { conversation });
        Assert.All(rows.Where(row => inbound.Contains(row.Id)), row => Assert.True(row is { Status: "read", ReadAt: not null }));
        Assert.Equal(("delivered", null), rows.Where(row => row.Id == outbound).Select(row => (row.Status, row.ReadAt)).Single());

        // Reading again changes nothing.
        var before = await app.RowAsync("conversation", conversation);
        using var again = await client.PostAsync($"{ConversationWorld.Path}/{conversation}/read", null);
        await again.DataAsync();
        Assert.Equal(before, await app.RowAsync("conversation", conversation));
    }
}
