using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Conversations;

/// <summary>Closing and reopening.</summary>
public sealed class CloseConversationTests(TestApp app)
{
    [Fact]
    public async Task Closed_conversation_stays_with_its_user_who_can_reopen_it()
    {
        var agent = await app.CreateUserAsync("agent");
        var conversation = await app.CreateConversationAsync(agent.OrganizationId!.Value, assignedTo: agent.Id);
        using var client = app.As(agent);

        using var closed = await client.PostAsync($"{ConversationWorld.Path}/{conversation}/close", null);
        using var twice = await client.PostAsync($"{ConversationWorld.Path}/{conversation}/close", null);

        var shown = await closed.DataAsync();
        shown.AssertIncludes(new { Status = "closed", AssignedTo = agent.Id });
        Assert.NotNull(shown.GetProperty("closed_at").GetString());
        await twice.ProblemAsync(HttpStatusCode.Conflict, "conversation_closed");

        using var reopened = await client.PostAsync($"{ConversationWorld.Path}/{conversation}/reopen", null);
        using var reopenedTwice = await client.PostAsync($"{ConversationWorld.Path}/{conversation}/reopen", null);

        (await reopened.DataAsync()).AssertIncludes(new { Status = "assigned", AssignedTo = agent.Id, ClosedAt = (string?)null });
        await reopenedTwice.ProblemAsync(HttpStatusCode.Conflict, "conversation_not_closed");
        var entries = await app.AuditOfAsync(conversation);
        Assert.Equal(["conversation.closed", "conversation.reopened"], entries.Select(entry => entry.Action));
        Assert.All(entries, entry => Assert.Equal(agent.Id, entry.ActorId));
    }

    [Fact]
    public async Task Conversation_cannot_be_reopened_while_the_person_has_another_one()
    {
        var agent = await app.CreateUserAsync("agent");
        var organization = agent.OrganizationId!.Value;
        var closed = await app.CreateConversationAsync(organization, status: "closed", peerId: "a-person");
        var open = await app.CreateConversationAsync(organization, peerId: "a-person");
        using var client = app.As(agent);

        using var refused = await client.PostAsync($"{ConversationWorld.Path}/{closed}/reopen", null);

        await refused.ProblemAsync(HttpStatusCode.Conflict, "conversation_superseded");
        Assert.Equal("closed", (await app.ConversationOwnerAsync(closed)).Status);
        using var ended = await client.PostAsync($"{ConversationWorld.Path}/{open}/close", null);
        using var reopened = await client.PostAsync($"{ConversationWorld.Path}/{closed}/reopen", null);
        (await reopened.DataAsync()).AssertIncludes(new { Status = "open" });
    }
}
