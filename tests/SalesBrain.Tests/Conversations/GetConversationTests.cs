using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Conversations;

public sealed class GetConversationTests(TestApp app)
{
    [Fact]
    public async Task Conversation_is_shown_with_the_person_the_lead_and_who_has_it()
    {
        var agent = await app.CreateUserAsync("agent");
        var organization = agent.OrganizationId!.Value;
        var lead = await app.CreateLeadAsync(organization, "Ada", "Lovelace", "Engines Ltd", "ada@engines.example", status: "qualified");
        var person = await app.ContactOfAsync(lead);
        await app.ExecuteAsync(
            "update app.contact set phone = '+49 170 1', title = 'Countess', tags = '{vip}' where id = @person", new { person });
        var conversation = await app.CreateConversationAsync(organization, person, agent.Id, unread: 3);
        using var client = app.As(agent);

        var shown = await client.GetDataAsync($"{ConversationWorld.Path}/{conversation}");

        shown.AssertIncludes(new
        {
            Id = conversation,
            UnreadCount = 3,
            Contact = new
            {
                Id = person,
                FirstName = "Ada",
                LastName = "Lovelace",
                Company = "Engines Ltd",
                Title = "Countess",
                Phone = "+49 170 1",
                Email = "ada@engines.example",
                Tags = new[] { "vip" },
                LeadId = lead,
                LeadStatus = "qualified",
            },
            Assignment = new { UserId = agent.Id, UserName = "Test", AssignedBy = agent.Id, Reason = "claimed" },
        });
    }

    /// <summary>In the list and alone, so that an agent does not write to somebody who gets nothing.</summary>
    [Fact]
    public async Task Person_who_cannot_be_reached_is_marked_until_they_can()
    {
        var agent = await app.CreateUserAsync("agent");
        var conversation = await app.CreateConversationAsync(agent.OrganizationId!.Value);
        var since = new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);
        using var client = app.As(agent);
        foreach (var at in new DateTime?[] { null, since, null })
        {
            await app.ExecuteAsync("update app.conversation set undeliverable_at = @at where id = @conversation", new { at, conversation });

            var shown = await client.GetDataAsync($"{ConversationWorld.Path}/{conversation}");
            var listed = (await client.PageAsync(ConversationWorld.Path)).GetProperty("data").EnumerateArray().Single();

            Assert.All([shown, listed], row => row.AssertIncludes(new { UndeliverableAt = at }));
        }
    }

    [Fact]
    public async Task Window_says_until_when_free_text_can_be_sent_or_since_when_a_template_is_needed()
    {
        var agent = await app.CreateUserAsync("agent");
        var organization = agent.OrganizationId!.Value;
        var now = DateTime.UtcNow;
        var open = await app.CreateConversationAsync(organization, lastInboundAt: now.AddHours(-23));
        var closed = await app.CreateConversationAsync(organization, lastInboundAt: now.AddHours(-25));
        var never = await app.CreateConversationAsync(organization);
        await app.ExecuteAsync(
            "update app.conversation set last_inbound_at = null, window_expires_at = null where id = @never", new { never });
        using var client = app.As(agent);

        var (first, second, third) = (await WindowAsync(open), await WindowAsync(closed), await WindowAsync(never));

        first.AssertIncludes(new { IsOpen = true, NeedsTemplate = false, ClosedSince = (string?)null });
        Assert.Equal(now.AddHours(1), first.GetProperty("open_until").GetDateTime(), TimeSpan.FromSeconds(1));
        second.AssertIncludes(new { IsOpen = false, NeedsTemplate = true, OpenUntil = (string?)null });
        Assert.Equal(now.AddHours(-1), second.GetProperty("closed_since").GetDateTime(), TimeSpan.FromSeconds(1));
        third.AssertIncludes(new { IsOpen = false, NeedsTemplate = true, OpenUntil = (string?)null, ClosedSince = (string?)null });

        async Task<System.Text.Json.JsonElement> WindowAsync(Guid id) =>
            (await client.GetDataAsync($"{ConversationWorld.Path}/{id}")).GetProperty("window");
    }

    [Fact]
    public async Task Texts_names_and_numbers_are_not_logged()
    {
        var agent = await app.CreateUserAsync("agent");
        var conversation = await app.CreateConversationAsync(
            agent.OrganizationId!.Value, peerId: "49170555666777", peerName: "Qorvina", preview: "Sekretpreview");
        await app.CreateMessageAsync(conversation, text: "Sekrettext");
        using var client = app.As(agent);

        Assert.NotEmpty((await client.PageAsync($"{ConversationWorld.Path}?search=49170555666777")).Ids());
        Assert.NotEmpty((await client.PageAsync($"{ConversationWorld.Path}/{conversation}/messages")).Ids());
        foreach (var action in new[] { "read", "claim", "release", "close", "close", "reopen" })
        {
            using var response = await client.PostAsync($"{ConversationWorld.Path}/{conversation}/{action}", null);
            Assert.NotEmpty(await response.Content.ReadAsStringAsync());
        }

        Assert.NotEmpty(app.Logs.Lines);
        Assert.DoesNotContain(app.Logs.Lines, line =>
            new[] { "49170555666777", "Qorvina", "Sekretpreview", "Sekrettext" }.Any(
                secret => line.Contains(secret, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Conversation_of_another_agent_looks_like_one_that_does_not_exist()
    {
        var agent = await app.CreateUserAsync("agent");
        var other = await app.CreateUserAsync("agent", agent.OrganizationId);
        var theirs = await app.CreateConversationAsync(agent.OrganizationId!.Value, assignedTo: other.Id);
        await app.CreateMessageAsync(theirs);
        using var client = app.As(agent);
        foreach (var path in new[] { "", "/messages" })
        {
            using var response = await client.GetAsync($"{ConversationWorld.Path}/{theirs}{path}");
            await response.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        }
        foreach (var path in new[] { "/read", "/close", "/reopen", "/release" })
        {
            using var response = await client.PostAsync($"{ConversationWorld.Path}/{theirs}{path}", null);
            await response.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        }
        Assert.Equal("assigned", (await app.ConversationOwnerAsync(theirs)).Status);
    }
}
