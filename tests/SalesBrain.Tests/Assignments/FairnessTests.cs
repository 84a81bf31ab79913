using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Assignments;

/// <summary>Guarantees of automatic assignment under concurrent requests.</summary>
public sealed class FairnessTests(TestApp app) : IClassFixture<TestApp>
{
    private static readonly int[] Weights = [1, 1, 1, 1, 2, 2, 3, 5];

    [Fact]
    public async Task Sixteen_callers_assign_5000_contacts_by_weight_and_each_once()
    {
        var (organization, client) = await CreateAsync();
        var members = await app.CreateMembersAsync(organization, Weights.Length);
        await client.SetRulesAsync(AssignmentWorld.CatchAll(AssignmentWorld.Weighted(members, Weights)));
        var contacts = await app.CreateContactsAsync(organization, 5000);

        await client.AutoAssignInParallelAsync(contacts);

        var counts = await app.CountContactsAsync(members);
        Assert.Equal(5000, counts.Sum());
        AssertFair(counts, Weights);
        var owned = await app.QuerySingleJsonAsync("""
            select count(*) as contacts, max(owners) as most_owners from (
                select count(*) filter (where is_primary_owner and status = 'active') as owners
                from app.user_contact_assignment where organization_id = @organization group by contact_id) c
            """, new { organization });
        owned.AssertIncludes(new { Contacts = 5000, MostOwners = 1 });
        // Each choice has its reason.
        Assert.Equal(5000, await app.QuerySingleAsync<int>("""
            select count(*) from app.user_contact_assignment
            where organization_id = @organization and assignment_type = 'round_robin' and (reason ->> 'members')::int = 8
                and (reason ->> 'weight')::int between 1 and 5 and reason ? 'weighted_count'
            """, new { organization }));
    }

    [Fact]
    public async Task Caps_hold_exactly_under_the_same_load_and_the_rest_waits()
    {
        var (organization, client) = await CreateAsync();
        var members = await app.CreateMembersAsync(organization, Weights.Length);
        await client.SetRulesAsync(AssignmentWorld.CatchAll(
            [.. members.Zip(Weights, (user, weight) => new { user_id = user.Id, weight, max_open_contacts = 50 })]));
        var contacts = await app.CreateContactsAsync(organization, 5000);

        await client.AutoAssignInParallelAsync(contacts);

        Assert.Equal(members.Select(_ => 50), await app.CountContactsAsync(members));
        Assert.Equal(4600, await app.QuerySingleAsync<int>(
            "select count(*) from app.assignment_queue where organization_id = @organization", new { organization }));
    }

    [Fact]
    public async Task Caps_hold_over_all_rules_that_share_a_member()
    {
        var (organization, client) = await CreateAsync();
        var members = await app.CreateMembersAsync(organization, 2);
        object[] capped = [.. members.Select(user => new { user_id = user.Id, max_open_contacts = 30 })];
        await client.SetRulesAsync(
            new { name = "One", strategy = "territory", conditions = new { countries = new[] { "DE" } }, members = capped },
            new { name = "Two", strategy = "territory", conditions = new { countries = new[] { "FR" } }, members = capped },
            AssignmentWorld.CatchAll(capped));
        var (germans, french, others) = (
            await app.CreateContactsAsync(organization, 100, "DE"), await app.CreateContactsAsync(organization, 100, "FR"),
            await app.CreateContactsAsync(organization, 100));

        await client.AutoAssignInParallelAsync(
            germans.Zip(french, others).SelectMany(three => new[] { three.First, three.Second, three.Third }), batch: 1);

        Assert.Equal((int[])[30, 30], await app.CountContactsAsync(members));
    }

    [Fact]
    public async Task Who_joins_is_not_flooded_and_from_then_on_has_their_share()
    {
        var (organization, client) = await CreateAsync();
        var members = await app.CreateMembersAsync(organization, 5);
        var rule = (await client.SetRulesAsync(AssignmentWorld.CatchAll(AssignmentWorld.Weighted(members[..4], 1, 1, 1, 1)))).GetProperty("rules")[0];
        await client.AutoAssignInParallelAsync(await app.CreateContactsAsync(organization, 1000));

        await client.SetRulesAsync(new
        {
            id = rule.GetProperty("id").GetGuid(),
            name = "Everybody else",
            strategy = "round_robin",
            members = AssignmentWorld.Weighted(members, 1, 1, 1, 1, 1),
        });
        await client.AutoAssignAsync(await app.CreateContactsAsync(organization, 5));

        Assert.Equal((int[])[251, 251, 251, 251, 1], await app.CountContactsAsync(members));
        await client.AutoAssignInParallelAsync(await app.CreateContactsAsync(organization, 500));
        Assert.Equal((int[])[351, 351, 351, 351, 101], await app.CountContactsAsync(members));
    }

    [Fact]
    public async Task Who_returns_is_not_flooded_and_those_who_stayed_are_still_even()
    {
        var (organization, client) = await CreateAsync();
        var members = await app.CreateMembersAsync(organization, 4);
        await client.SetRulesAsync(AssignmentWorld.CatchAll(AssignmentWorld.Weighted(members, 1, 1, 2, 3)));
        await client.AutoAssignInParallelAsync(await app.CreateContactsAsync(organization, 70));
        await SetStatusAsync(members[0], "disabled");
        await client.AutoAssignInParallelAsync(await app.CreateContactsAsync(organization, 600));

        await SetStatusAsync(members[0], "active");
        await client.AutoAssignInParallelAsync(await app.CreateContactsAsync(organization, 70));

        var counts = await app.CountContactsAsync(members);
        Assert.InRange(counts[0], 19, 21);
        AssertFair(counts[1..], [1, 2, 3]);
        Assert.Equal(740, counts.Sum());
    }

    [Fact]
    public async Task Another_weight_counts_from_then_on()
    {
        var (organization, client) = await CreateAsync();
        var members = await app.CreateMembersAsync(organization, 2);
        var id = (await client.SetRulesAsync(AssignmentWorld.CatchAll(AssignmentWorld.Weighted(members, 1, 1)))).GetProperty("rules")[0]
            .GetProperty("id").GetGuid();
        await client.AutoAssignAsync(await app.CreateContactsAsync(organization, 100));

        await client.SetRulesAsync(
            new { id, name = "Everybody else", strategy = "round_robin", members = AssignmentWorld.Weighted(members, 1, 4) });
        await client.AutoAssignAsync(await app.CreateContactsAsync(organization, 100));

        Assert.Equal((int[])[70, 130], await app.CountContactsAsync(members));
    }

    [Fact]
    public async Task Who_is_disabled_half_way_gets_nothing_from_that_moment()
    {
        var (organization, client) = await CreateAsync();
        var members = await app.CreateMembersAsync(organization, 4);
        await client.SetRulesAsync(AssignmentWorld.CatchAll(AssignmentWorld.Weighted(members, 1, 1, 1, 1)));
        var contacts = await app.CreateContactsAsync(organization, 1500);
        var half = new TaskCompletionSource();
        var done = 0;

        var load = Parallel.ForEachAsync(contacts.Chunk(5), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (ids, _) =>
        {
            await client.AutoAssignAsync(ids);
            if (Interlocked.Increment(ref done) == 150)
            {
                half.SetResult();
            }
        });
        await half.Task;
        await SetStatusAsync(members[0], "disabled");
        var then = (await app.CountContactsAsync(members))[0];
        await load;

        var counts = await app.CountContactsAsync(members);
        Assert.Equal(then, counts[0]);
        Assert.InRange(then, 1, 375);
        Assert.Equal(1500, counts.Sum());
        AssertFair(counts[1..], [1, 1, 1]);
    }

    [Fact]
    public async Task The_same_request_from_many_at_once_assigns_once()
    {
        var (organization, client) = await CreateAsync();
        var members = await app.CreateMembersAsync(organization, 3);
        await client.SetRulesAsync(AssignmentWorld.CatchAll(AssignmentWorld.Weighted(members, 1, 1, 1)));
        var contacts = await app.CreateContactsAsync(organization, 30);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.AutoAssignAsync([.. contacts, .. contacts])));

        Assert.Equal((int[])[10, 10, 10], await app.CountContactsAsync(members));
        Assert.Equal(30, answers.Sum(answer => answer.GetProperty("success_count").GetInt32()));
        Assert.Equal(270, answers.Sum(answer => answer.GetProperty("failed_items").EnumerateArray().Count(item => item.GetProperty("code").GetString() == "contact_has_owner")));
        Assert.Equal(30, await app.QuerySingleAsync<int>(
            "select sum(taken) from app.assignment_turn where organization_id = @organization", new { organization }));
    }

    [Fact]
    public async Task The_same_contacts_by_hand_and_by_rule_at_once_have_one_owner_each()
    {
        var (organization, client) = await CreateAsync();
        var members = await app.CreateMembersAsync(organization, 3);
        await client.SetRulesAsync(AssignmentWorld.CatchAll(AssignmentWorld.Weighted(members, 1, 1, 1)));
        var contacts = await app.CreateContactsAsync(organization, 200);

        await Task.WhenAll(Enumerable.Range(0, 12).Select(async i =>
        {
            if (i % 2 == 0)
            {
                await client.AutoAssignAsync(contacts);
                return;
            }
            using var response = await client.PostAsync(
                $"/api/admin/users/{members[i % 3].Id}/assign-contacts", new { contact_ids = contacts.Reverse(), transfer = i % 4 == 1 });
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        }));

        Assert.Equal(200, (await app.CountContactsAsync(members)).Sum());
    }

    private async Task<(Guid Organization, HttpClient Client)> CreateAsync()
    {
        var owner = await app.CreateUserAsync("owner");
        return (owner.OrganizationId!.Value, app.As(owner));
    }

    private Task SetStatusAsync(TestUser user, string status) =>
        app.ExecuteAsync("update app.user set status = @status where id = @Id", new { user.Id, status });

    /// <summary>Weighted counts differ by one assignment at most.</summary>
    private static void AssertFair(int[] counts, int[] weights)
    {
        var weighted = counts.Zip(weights, (count, weight) => (decimal)count / weight).ToList();
        Assert.True(weighted.Max() - weighted.Min() <= 1, $"{string.Join(", ", counts)} at weights {string.Join(", ", weights)}");
    }
}
