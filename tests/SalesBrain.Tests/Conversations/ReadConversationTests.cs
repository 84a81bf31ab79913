using System.Net;
using Dapper;
using Npgsql;
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

    /// <summary>
    /// Otherwise callers could tell "not yours" from "not there" by the wait, and keep an organization from its conversation.
    /// </summary>
    [Theory]
    [InlineData("read")]
    [InlineData("release")]
    public async Task Conversation_of_another_organization_is_not_waited_for(string action)
    {
        var conversation = await app.CreateConversationAsync(await app.CreateOrganizationAsync());
        using var client = app.As(await app.CreateUserAsync("agent_supervisor"));
        await using var holder = new NpgsqlConnection(app.Database.Owner);
        await holder.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await holder.ExecuteAsync("select from app.conversation where id = @conversation for update", new { conversation });

        using var response = await client.PostAsync($"{ConversationWorld.Path}/{conversation}/{action}", null).WaitAsync(Eventually.Limit);

        await response.ProblemAsync(HttpStatusCode.NotFound, "not_found");
    }
}
