using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Conversations;

public sealed class ListConversationsTests(TestApp app)
{
    [Fact]
    public async Task Agents_see_their_own_and_those_that_nobody_has_and_supervisors_all()
    {
        var (agent, other, supervisor) = await CreateTeamAsync();
        var organization = agent.OrganizationId!.Value;
        var mine = await app.CreateConversationAsync(organization, assignedTo: agent.Id);
        var theirs = await app.CreateConversationAsync(organization, assignedTo: other.Id);
        var free = await app.CreateConversationAsync(organization);
        await app.CreateConversationAsync(await app.CreateOrganizationAsync());

        Assert.Equal([mine, free], (await IdsAsync(agent)).Order());
        Assert.Equal([theirs, free], (await IdsAsync(other)).Order());
        Assert.Equal([mine, theirs, free], (await IdsAsync(supervisor)).Order());
        Assert.Equal([mine], await IdsAsync(agent, "?assigned_to=me"));
        Assert.Equal([free], await IdsAsync(agent, "?assigned_to=none"));
        Assert.Empty(await IdsAsync(agent, $"?assigned_to={other.Id}"));
        Assert.Equal([theirs], await IdsAsync(supervisor, $"?assigned_to={other.Id}"));
    }

    [Fact]
    public async Task Conversations_are_filtered_and_the_newest_activity_comes_first()
    {
        var (agent, _, supervisor) = await CreateTeamAsync();
        var organization = agent.OrganizationId!.Value;
        var now = DateTime.UtcNow;
        var old = await app.CreateConversationAsync(organization, activityAt: now.AddDays(-3), unread: 2, peerName: "Zoë Quill");
        var closed = await app.CreateConversationAsync(organization, status: "closed", activityAt: now.AddDays(-2), peerId: "opaque-Peer");
        var person = await app.CreatePersonAsync(organization, firstName: "Ada", lastName: "Lovelace", company: "Engines Ltd");
        var assigned = await app.CreateConversationAsync(organization, person, agent.Id, activityAt: now.AddDays(-1), preview: "How much?");

        Assert.Equal([assigned, closed, old], await IdsAsync(supervisor));
        Assert.Equal([old, closed, assigned], await IdsAsync(supervisor, "?sort_order=asc"));
        Assert.Equal([closed, old], await IdsAsync(supervisor, "?status=open,closed"));
        Assert.Equal([old], await IdsAsync(supervisor, "?unread=true"));
        Assert.Equal([old], await IdsAsync(supervisor, "?search=zoe"));
        Assert.Equal([closed], await IdsAsync(supervisor, "?search=que-peer"));
        Assert.Equal([assigned], await IdsAsync(agent, "?search=lovelace"));
        Assert.Equal([assigned], await IdsAsync(agent, "?search=engines"));
        Assert.Empty(await IdsAsync(agent, "?search=%25%25"));
        (await RowsAsync(supervisor)).First().AssertIncludes(new
        {
            Status = "assigned",
            AssignedTo = agent.Id,
            AssignedToName = "Test",
            ContactId = person,
            ContactName = "Ada Lovelace",
            LastMessageDirection = "inbound",
            LastMessagePreview = "How much?",
        });
    }

    [Fact]
    public async Task Pages_follow_a_cursor_and_an_unchanged_page_is_not_sent_again()
    {
        var supervisor = await app.CreateUserAsync("agent_supervisor");
        var now = DateTime.UtcNow;
        var ids = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            // Two of each time, so that the order by id counts.
            ids.Add(await app.CreateConversationAsync(supervisor.OrganizationId!.Value, activityAt: now.AddMinutes(-(i / 2))));
        }
        using var client = app.As(supervisor);
        var (found, cursor) = (new List<Guid>(), "");
        do
        {
            var page = await client.PageAsync($"{ConversationWorld.Path}?page_size=2{cursor}");
            found.AddRange(page.Ids());
            Assert.Equal(5, page.GetProperty("pagination").GetProperty("total").GetInt32());
            cursor = page.GetProperty("pagination").GetProperty("next_cursor").GetString() is { } next ? $"&cursor={next}" : null;
        }
        while (cursor is not null);

        Assert.Equal(ids.Order(), found.Order());
        Assert.Equal(5, found.Distinct().Count());
        using var first = await client.GetAsync(ConversationWorld.Path);
        using var request = new HttpRequestMessage(HttpMethod.Get, ConversationWorld.Path);
        request.Headers.TryAddWithoutValidation("If-None-Match", first.Headers.ETag!.Tag);
        using var again = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Theory]
    [InlineData("?assigned_to=nobody", "assigned_to")]
    [InlineData("?status=new", "status")]
    [InlineData("?search=x", "search")]
    [InlineData("?unread=", "unread")]
    public async Task Bad_input_is_refused_by_member(string query, string member)
    {
        using var client = app.As(await app.CreateUserAsync("agent"));

        using var response = await client.GetAsync(ConversationWorld.Path + query);

        var errors = (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).GetProperty("errors");
        Assert.StartsWith(member, errors.EnumerateObject().Single().Name, StringComparison.Ordinal);
    }

    private async Task<(TestUser Agent, TestUser Other, TestUser Supervisor)> CreateTeamAsync()
    {
        var agent = await app.CreateUserAsync("agent");
        return (agent, await app.CreateUserAsync("agent", agent.OrganizationId), await app.CreateUserAsync("agent_supervisor", agent.OrganizationId));
    }

    private async Task<IEnumerable<JsonElement>> RowsAsync(TestUser user, string query = "")
    {
        using var client = app.As(user);
        return (await client.PageAsync(ConversationWorld.Path + query)).GetProperty("data").EnumerateArray();
    }

    private async Task<IReadOnlyList<Guid>> IdsAsync(TestUser user, string query = "") =>
        [.. (await RowsAsync(user, query)).Select(row => row.GetProperty("id").GetGuid())];
}
