using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Conversations;

public sealed class AssignConversationTests(TestApp app)
{
    [Fact]
    public async Task Supervisor_gives_a_conversation_from_one_agent_to_another()
    {
        var supervisor = await app.CreateUserAsync("agent_supervisor");
        var organization = supervisor.OrganizationId!.Value;
        var (first, second) = (await app.CreateUserAsync("agent", organization), await app.CreateUserAsync("agent", organization));
        var conversation = await app.CreateConversationAsync(organization);
        using var client = app.As(supervisor);

        using var given = await client.PostAsync($"{ConversationWorld.Path}/{conversation}/assign", new { user_id = first.Id });
        using var moved = await client.PostAsync(
            $"{ConversationWorld.Path}/{conversation}/assign", new { user_id = second.Id, reason = " Speaks French " });
        using var unchanged = await client.PostAsync($"{ConversationWorld.Path}/{conversation}/assign", new { user_id = second.Id });

        (await given.DataAsync()).AssertIncludes(
            new { Status = "assigned", AssignedTo = first.Id, Assignment = new { AssignedBy = supervisor.Id, Reason = "assigned" } });
        (await moved.DataAsync()).AssertIncludes(new { AssignedTo = second.Id, Assignment = new { Reason = "Speaks French" } });
        await unchanged.DataAsync();
        var (_, user, history) = await app.ConversationOwnerAsync(conversation);
        Assert.Equal(second.Id, user);
        Assert.Equal(["reassigned (ended)", "Speaks French"], history);
        Assert.Equal(
            ["conversation.assigned", "conversation.assigned"], (await app.AuditOfAsync(conversation)).Select(entry => entry.Action));
        var notifications = await app.QueryAsync<(Guid User, string Type, Guid Link)>(
            "select user_id, type, link_id from app.notification where organization_id = @organization order by created_at",
            new { organization });
        Assert.Equal(
            [(first.Id, "conversation.assigned", conversation), (second.Id, "conversation.assigned", conversation)], notifications);
        // The first agent does not see it any more.
        using var former = app.As(first);
        using var gone = await former.GetAsync($"{ConversationWorld.Path}/{conversation}");
        await gone.ProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Only_active_agents_and_supervisors_of_the_organization_can_be_given_one()
    {
        var supervisor = await app.CreateUserAsync("agent_supervisor");
        var organization = supervisor.OrganizationId!.Value;
        var conversation = await app.CreateConversationAsync(organization);
        using var client = app.As(supervisor);
        foreach (var user in new[]
        {
            await app.CreateUserAsync("agent", organization, status: "disabled"),
            await app.CreateUserAsync("agent", organization, status: "invited"), await app.CreateUserAsync("member", organization),
            await app.CreateUserAsync("agent"),
        })
        {
            using var response = await client.PostAsync($"{ConversationWorld.Path}/{conversation}/assign", new { user_id = user.Id });
            await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        }
        Assert.Equal("open", (await app.ConversationOwnerAsync(conversation)).Status);
        using var own = await client.PostAsync($"{ConversationWorld.Path}/{conversation}/assign", new { user_id = supervisor.Id });
        await own.DataAsync();
        Assert.Empty(await app.QueryAsync<Guid>("select id from app.notification where user_id = @Id", new { supervisor.Id }));
    }

    [Fact]
    public async Task Supervisor_sees_to_whom_conversations_can_be_assigned()
    {
        var supervisor = await app.CreateUserAsync("agent_supervisor");
        var organization = supervisor.OrganizationId!.Value;
        var busy = await app.CreatePresentAgentAsync(organization);
        await app.ExecuteAsync("update app.user set first_name = 'Ada', last_name = 'Agent' where id = @Id", new { busy.Id });
        await app.CreateUserAsync("agent", organization, status: "disabled");
        await app.CreateUserAsync("member", organization);
        await app.CreateConversationAsync(organization, assignedTo: busy.Id);
        await app.CreateConversationAsync(organization, assignedTo: busy.Id, status: "closed");
        using var client = app.As(supervisor);

        (await client.GetDataAsync($"{ConversationWorld.Path}/assignees")).AssertIncludes(new
        {
            Users = new object[]
            {
                new { busy.Id, Name = "Ada Agent", Role = "agent", IsPresent = true, AssignedCount = 1 },
                new { supervisor.Id, Name = "Test", Role = "agent_supervisor", IsPresent = false, AssignedCount = 0 },
            },
        });
    }

    [Fact]
    public async Task Closed_conversation_is_not_assigned()
    {
        var supervisor = await app.CreateUserAsync("agent_supervisor");
        var conversation = await app.CreateConversationAsync(supervisor.OrganizationId!.Value, status: "closed");
        using var client = app.As(supervisor);

        using var response = await client.PostAsync($"{ConversationWorld.Path}/{conversation}/assign", new { user_id = supervisor.Id });

        await response.ProblemAsync(HttpStatusCode.Conflict, "conversation_closed");
    }

    /// <summary>An agent could otherwise call the function through another gap.</summary>
    [Fact]
    public async Task Function_refuses_agents()
    {
        var agent = await app.CreateUserAsync("agent");
        var conversation = await app.CreateConversationAsync(agent.OrganizationId!.Value);

        var found = await app.QueryAsAsync<string>(
            agent, "select outcome from app.assign_conversation(@conversation, @Id, @Id, null, now())", new { conversation, agent.Id });

        Assert.Equal(["not_found"], found);
    }

    [Fact]
    public async Task Conversations_of_a_user_who_is_disabled_can_be_claimed_by_others()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var (agent, other) = (await app.CreateUserAsync("agent", organization), await app.CreateUserAsync("agent", organization));
        var open = await app.CreateConversationAsync(organization, assignedTo: agent.Id);
        var closed = await app.CreateConversationAsync(organization, assignedTo: agent.Id, status: "closed");
        var kept = await app.CreateConversationAsync(organization, assignedTo: other.Id);
        using var client = app.As(owner);

        using var disabled = await client.PutAsync($"/api/v1/users/{agent.Id}", new { status = "disabled" });

        await disabled.DataAsync();
        Assert.Equal(("open", null, "user_left (ended)"), await OwnedAsync(open));
        Assert.Equal(("closed", null, "user_left (ended)"), await OwnedAsync(closed));
        Assert.Equal(("assigned", other.Id, "claimed"), await OwnedAsync(kept));

        async Task<(string, Guid?, string)> OwnedAsync(Guid id) =>
            await app.ConversationOwnerAsync(id) is var (status, user, history) ? (status, user, history.Single()) : default;
    }
}
