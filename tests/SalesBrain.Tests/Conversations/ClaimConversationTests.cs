using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Conversations;

/// <summary>Claiming and releasing.</summary>
public sealed class ClaimConversationTests(TestApp app)
{
    [Fact]
    public async Task Agent_claims_a_conversation_and_others_learn_who_has_it()
    {
        var (agent, other) = await CreateAgentsAsync();
        await app.ExecuteAsync("update app.user set first_name = 'Ada', last_name = 'Agent' where id = @Id", new { agent.Id });
        var conversation = await app.CreateConversationAsync(agent.OrganizationId!.Value);
        using var client = app.As(agent);
        using var late = app.As(other);

        using var claimed = await client.PostAsync($"{ConversationWorld.Path}/{conversation}/claim", null);
        using var again = await client.PostAsync($"{ConversationWorld.Path}/{conversation}/claim", null);
        using var taken = await late.PostAsync($"{ConversationWorld.Path}/{conversation}/claim", null);

        (await claimed.DataAsync()).AssertIncludes(
            new { Status = "assigned", AssignedTo = agent.Id, AssignedToName = "Ada Agent", Assignment = new { Reason = "claimed" } });
        await again.DataAsync();
        Assert.Equal(
            "Ada Agent has the conversation.",
            (await taken.ProblemAsync(HttpStatusCode.Conflict, "conversation_taken")).GetProperty("detail").GetString());
        Assert.Equal(["conversation.claimed"], (await app.AuditOfAsync(conversation)).Select(entry => entry.Action));
        // One's own doing is no news.
        Assert.Empty(await app.QueryAsync<Guid>("select id from app.notification where user_id = @Id", new { agent.Id }));
    }

    [Fact]
    public async Task Closed_conversations_and_those_of_another_organization_are_not_claimed()
    {
        var (agent, _) = await CreateAgentsAsync();
        var closed = await app.CreateConversationAsync(agent.OrganizationId!.Value, status: "closed");
        var foreign = await app.CreateConversationAsync(await app.CreateOrganizationAsync());
        using var client = app.As(agent);

        using var first = await client.PostAsync($"{ConversationWorld.Path}/{closed}/claim", null);
        using var second = await client.PostAsync($"{ConversationWorld.Path}/{foreign}/claim", null);

        await first.ProblemAsync(HttpStatusCode.Conflict, "conversation_closed");
        await second.ProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Released_conversation_can_be_claimed_by_another()
    {
        var (agent, other) = await CreateAgentsAsync();
        var conversation = await app.CreateConversationAsync(agent.OrganizationId!.Value, assignedTo: agent.Id);
        using var client = app.As(agent);
        using var next = app.As(other);

        using var released = await client.PostAsync($"{ConversationWorld.Path}/{conversation}/release", null);
        using var twice = await client.PostAsync($"{ConversationWorld.Path}/{conversation}/release", null);
        using var claimed = await next.PostAsync($"{ConversationWorld.Path}/{conversation}/claim", null);

        (await released.DataAsync()).AssertIncludes(new { Status = "open", AssignedTo = (string?)null, Assignment = (string?)null });
        await twice.ProblemAsync(HttpStatusCode.Conflict, "conversation_unassigned");
        await claimed.DataAsync();
        Assert.Equal(["released (ended)", "claimed"], (await app.ConversationOwnerAsync(conversation)).History);
    }

    [Fact]
    public async Task User_cannot_claim_for_another()
    {
        var (agent, other) = await CreateAgentsAsync();
        var conversation = await app.CreateConversationAsync(agent.OrganizationId!.Value);

        var outcome = await app.QueryAsAsync<string>(
            agent, "select outcome from app.claim_conversation(@conversation, @Id, now())", new { conversation, other.Id });

        Assert.Equal(["not_found"], outcome);
    }

    [Fact]
    public Task Of_sixteen_agents_who_claim_at_once_one_wins_each_conversation() => ClaimAllAsync(40);

    [Fact]
    public Task Of_sixteen_agents_who_claim_500_conversations_at_once_one_wins_each()
    {
        LargeRun.Only();
        return ClaimAllAsync(500);
    }

    /// <summary>Every agent claims every conversation, each in an order of their own, over HTTP.</summary>
    private async Task ClaimAllAsync(int count)
    {
        const int Agents = 16;
        var organization = await app.CreateOrganizationAsync();
        var agents = new List<TestUser>();
        for (var i = 0; i < Agents; i++)
        {
            agents.Add(await app.CreateUserAsync("agent", organization));
            await app.ExecuteAsync("update app.user set first_name = @name where id = @Id", new { name = $"Agent {i}", agents[i].Id });
        }
        await app.ExecuteAsync("""
            with person as (
                insert into app.contact (organization_id, first_name) select @organization, 'Person ' || n from generate_series(1, @count) n returning id
            )
            insert into app.conversation (organization_id, contact_id, peer_id) select @organization, p.id, p.id::text from person p
            """, new { organization, count });
        var conversations = await app.QueryAsync<Guid>(
            "select id from app.conversation where organization_id = @organization", new { organization });
        var start = new TaskCompletionSource();

        var claims = agents.Select(async (agent, i) =>
        {
            using var client = app.As(agent);
            var (won, lost) = (new List<Guid>(), new List<(Guid Conversation, string Owner)>());
            await start.Task;
            // Half of them in the same order, so that they meet at each conversation.
            foreach (var conversation in i % 2 == 0 ? conversations.AsEnumerable() : conversations.OrderBy(_ => Random.Shared.Next()))
            {
                using var response = await client.PostAsync($"{ConversationWorld.Path}/{conversation}/claim", null);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    won.Add(conversation);
                }
                else
                {
                    lost.Add((conversation, (await response.ProblemAsync(HttpStatusCode.Conflict, "conversation_taken")).GetProperty("detail").GetString()!));
                }
            }
            return (Agent: agent, Name: $"Agent {i}", Won: won, Lost: lost);
        }).ToList();
        start.SetResult();
        var results = await Task.WhenAll(claims);

        Assert.Equal(conversations.Order(), results.SelectMany(result => result.Won).Order());
        Assert.Equal((Agents - 1) * count, results.Sum(result => result.Lost.Count));
        var owners = results.SelectMany(result => result.Won.Select(conversation => (conversation, result)))
            .ToDictionary(pair => pair.conversation, pair => pair.result);
        Assert.All(
            results.SelectMany(result => result.Lost),
            loss => Assert.Equal($"{owners[loss.Conversation].Name} has the conversation.", loss.Owner));
        var stored = await app.QueryAsync<(Guid Conversation, Guid User)>("""
            select c.id, a.user_id
            from app.conversation c
            join app.conversation_assignment a on a.organization_id = c.organization_id and a.conversation_id = c.id and a.user_id = c.assigned_to
            where c.organization_id = @organization and c.status = 'assigned' and a.ended_at is null
            """, new { organization });
        Assert.Equal(owners.Select(pair => (pair.Key, pair.Value.Agent.Id)).Order(), stored.Order());
        Assert.Equal(count, await app.QuerySingleAsync<int>(
            "select count(*)::int from app.conversation_assignment where organization_id = @organization", new { organization }));
        // Several agents won, or nobody met anybody.
        Assert.True(results.Count(result => result.Won.Count > 0) > 1);
    }

    private async Task<(TestUser Agent, TestUser Other)> CreateAgentsAsync()
    {
        var agent = await app.CreateUserAsync("agent");
        return (agent, await app.CreateUserAsync("agent", agent.OrganizationId));
    }
}
