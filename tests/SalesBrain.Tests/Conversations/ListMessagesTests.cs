using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Conversations;

public sealed class ListMessagesTests(TestApp app)
{
    [Fact]
    public async Task Messages_are_in_the_order_of_the_vendors_timestamps_and_are_paged_both_ways()
    {
        var agent = await app.CreateUserAsync("agent");
        var conversation = await app.CreateConversationAsync(agent.OrganizationId!.Value);
        var now = DateTime.UtcNow;
        // Stored in another order than they were written. The first two have the same time.
        var ids = new Guid[7];
        foreach (var i in new[] { 3, 0, 6, 1, 5, 2, 4 })
        {
            ids[i] = await app.CreateMessageAsync(
                conversation, i % 2 == 0 ? "inbound" : "outbound", $"Message {i}", now.AddMinutes(i < 2 ? 0 : i).AddDays(-40));
        }
        var expected = ids[..2].Order().Concat(ids[2..]).ToList();
        await app.CreateMessageAsync(await app.CreateConversationAsync(agent.OrganizationId.Value));
        using var client = app.As(agent);

        var (back, total) = await WalkAsync(client, conversation, "");
        var (forward, _) = await WalkAsync(client, conversation, "&sort_order=asc");

        Assert.Equal(expected.AsEnumerable().Reverse(), back.Select(row => row.GetProperty("id").GetGuid()));
        Assert.Equal(expected, forward.Select(row => row.GetProperty("id").GetGuid()));
        Assert.Equal(7, total);
        back[0].AssertIncludes(
            new
            {
                ConversationId = conversation,
                Direction = "inbound",
                Type = "text",
                Text = "Message 6",
                Status = "delivered",
                SentBy = (string?)null,
            });
    }

    [Fact]
    public async Task Unchanged_page_is_not_sent_again()
    {
        var agent = await app.CreateUserAsync("agent");
        var conversation = await app.CreateConversationAsync(agent.OrganizationId!.Value);
        await app.CreateMessageAsync(conversation);
        using var client = app.As(agent);
        using var first = await client.GetAsync($"{ConversationWorld.Path}/{conversation}/messages");

        using var again = await AskAsync();
        await app.CreateMessageAsync(conversation);
        using var changed = await AskAsync();

        Assert.Equal((HttpStatusCode.NotModified, HttpStatusCode.OK), (again.StatusCode, changed.StatusCode));

        async Task<HttpResponseMessage> AskAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{ConversationWorld.Path}/{conversation}/messages");
            request.Headers.TryAddWithoutValidation("If-None-Match", first.Headers.ETag!.Tag);
            return await client.SendAsync(request);
        }
    }

    private static async Task<(List<JsonElement> Rows, int Total)> WalkAsync(HttpClient client, Guid conversation, string query)
    {
        var (found, total, cursor) = (new List<JsonElement>(), 0, "");
        do
        {
            var page = await client.PageAsync($"{ConversationWorld.Path}/{conversation}/messages?page_size=3{query}{cursor}");
            found.AddRange(page.GetProperty("data").EnumerateArray());
            total = page.GetProperty("pagination").GetProperty("total").GetInt32();
            cursor = page.GetProperty("pagination").GetProperty("next_cursor").GetString() is { } next ? $"&cursor={next}" : null;
        }
        while (cursor is not null);
        return (found, total);
    }
}
