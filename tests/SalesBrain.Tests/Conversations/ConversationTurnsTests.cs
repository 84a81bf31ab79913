using Npgsql;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Conversations;

/// <summary>Assigning conversations to present agents in turns.</summary>
public sealed class ConversationTurnsTests(TestApp app)
{
    [Fact]
    public async Task New_conversations_go_to_present_agents_in_turns()
    {
        var organization = await app.CreateOrganizationAsync();
        await app.TakeTurnsAsync(organization);
        var agents = new[]
        {
            await app.CreatePresentAgentAsync(organization),
            await app.CreatePresentAgentAsync(organization),
            await app.CreatePresentAgentAsync(organization),
        };
        await app.CreatePresentAgentAsync(organization, DateTime.UtcNow.AddSeconds(-1));
        var given = new List<Guid>();
        for (var i = 0; i < 6; i++)
        {
            var conversation = await app.CreateConversationAsync(organization);
            Assert.Equal(1, await BeginAsync(organization, conversation));
            given.Add((await app.ConversationOwnerAsync(conversation)).AssignedTo!.Value);
        }

        Assert.Equal(given[..3], given[3..]);
        Assert.Equal(agents.Select(agent => agent.Id).Order(), given[..3].Order());
        Assert.Equal(
            agents.Select(agent => (agent.Id, 2)).OrderBy(row => row.Id),
            await app.QueryAsync<(Guid, int)>("""
                select user_id, count(*)::int from app.notification
                where organization_id = @organization and type = 'conversation.assigned' group by user_id order by user_id
                """, new { organization }));
    }

    [Fact]
    public async Task Several_at_once_are_divided_evenly_and_one_named_twice_is_given_once()
    {
        var organization = await app.CreateOrganizationAsync();
        await app.TakeTurnsAsync(organization);
        var (first, second) = (await app.CreatePresentAgentAsync(organization), await app.CreatePresentAgentAsync(organization));
        var conversations = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            conversations.Add(await app.CreateConversationAsync(organization));
        }

        Assert.Equal(5, await BeginAsync(organization, [.. conversations, .. conversations]));
        Assert.Equal(0, await BeginAsync(organization, [.. conversations]));

        var owners = await app.QueryAsync<Guid>(
            "select assigned_to from app.conversation where organization_id = @organization", new { organization });
        Assert.Equal([2, 3], owners.GroupBy(owner => owner).Select(group => group.Count()).Order());
        Assert.Equal(new[] { first.Id, second.Id }.Order(), owners.Distinct().Order());
        Assert.Equal(
            ["round_robin"],
            await app.QueryAsync<string>(
                "select distinct reason from app.conversation_assignment where organization_id = @organization and assigned_by is null "
                + "and ended_at is null",
                new { organization }));
    }

    [Fact]
    public async Task Nothing_is_given_without_the_setting_or_without_anybody_present()
    {
        var (without, empty) = (await app.CreateOrganizationAsync(), await app.CreateOrganizationAsync());
        await app.CreatePresentAgentAsync(without);
        await app.TakeTurnsAsync(empty);
        await app.CreateUserAsync("agent", empty);
        var disabled = await app.CreatePresentAgentAsync(empty);
        var supervisor = await app.CreatePresentAgentAsync(empty);
        await app.ExecuteAsync("""
            update app.user set status = 'disabled' where id = @disabled;
            update app.user set role = 'agent_supervisor' where id = @supervisor;
            """, new { disabled = disabled.Id, supervisor = supervisor.Id });
        foreach (var organization in new[] { without, empty })
        {
            var conversation = await app.CreateConversationAsync(organization);
            Assert.Equal(0, await BeginAsync(organization, conversation));
            Assert.Equal("open", (await app.ConversationOwnerAsync(conversation)).Status);
        }
    }

    [Fact]
    public async Task Parallel_transactions_give_each_conversation_once_and_keep_the_turns()
    {
        var organization = await app.CreateOrganizationAsync();
        await app.TakeTurnsAsync(organization);
        for (var i = 0; i < 4; i++)
        {
            await app.CreatePresentAgentAsync(organization);
        }
        var conversations = new List<Guid>();
        for (var i = 0; i < 40; i++)
        {
            conversations.Add(await app.CreateConversationAsync(organization));
        }

        // Each conversation is named by two transactions, and all by the timer's call.
        var counts = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(i => BeginAsync(organization, [conversations[2 * i % 40], conversations[((2 * i) + 1) % 40], conversations[((2 * i) + 2) % 40], conversations[((2 * i) + 3) % 40]]))
            .Append(app.QuerySingleAsync<int>(
                "select count(*)::int from app.assign_conversations(@organization, null, now())", new { organization })));

        Assert.Equal(40, counts.Sum());
        Assert.Equal(
            [10, 10, 10, 10], await app.QueryAsync<int>("""
                select count(*)::int from app.conversation_assignment where organization_id = @organization and ended_at is null group by user_id
                """, new { organization }));
    }

    [Fact]
    public async Task Conversation_that_somebody_is_claiming_is_left_to_them()
    {
        var organization = await app.CreateOrganizationAsync();
        await app.TakeTurnsAsync(organization);
        await app.CreatePresentAgentAsync(organization);
        var conversation = await app.CreateConversationAsync(organization);
        await using var connection = new NpgsqlConnection(app.Database.Owner);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(
            $"select 1 from app.conversation where id = '{conversation}' for no key update", connection, transaction);
        await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, await BeginAsync(organization, conversation));
    }

    [Fact]
    public async Task Agent_who_asks_for_the_profile_or_the_list_is_present_until_they_sign_out()
    {
        var organization = await app.CreateOrganizationAsync();
        foreach (var path in new[] { AgentWorld.Profile, ConversationWorld.Path })
        {
            var agent = await app.CreateUserAsync("agent", organization);
            using var client = app.As(agent);

            await client.PageAsync(path);

            Assert.InRange(await UntilAsync(agent), DateTime.UtcNow.AddMinutes(2), DateTime.UtcNow.AddMinutes(3));
            await app.ExecuteAsync("update app.refresh_token set revoked_at = now() where user_id = @Id", new { agent.Id });
            Assert.InRange(await UntilAsync(agent), DateTime.UtcNow.AddMinutes(-1), DateTime.UtcNow.AddSeconds(1));
        }
        // Others are not asked to take turns.
        var supervisor = await app.CreateUserAsync("agent_supervisor", organization);
        using var other = app.As(supervisor);
        await other.PageAsync(ConversationWorld.Path);
        Assert.Equal(2, await app.QuerySingleAsync<int>(
            "select count(*)::int from app.agent_presence where organization_id = @organization", new { organization }));

        Task<DateTime> UntilAsync(TestUser agent) =>
            app.QuerySingleAsync<DateTime>("select present_until from app.agent_presence where user_id = @Id", new { agent.Id });
    }

    /// <summary>As the platform's login, which processes what comes in.</summary>
    private async Task<int> BeginAsync(Guid organization, params Guid[] conversations)
    {
        await using var connection = new NpgsqlConnection(app.Database.Platform);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("select app.assign_new_conversations($1, $2, now())", connection)
        {
            Parameters = { new() { Value = conversations.Select(_ => organization).ToArray() }, new() { Value = conversations } },
        };
        return (int)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
