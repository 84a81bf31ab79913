using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Assignments;

/// <summary>
/// Assigning locks assignments in the order in which webhooks lock them: by id. Also those that have ended, because a webhook may have read
/// them before.
/// </summary>
[Collection(ClockedApp.Collection)]
public sealed class AssignmentLockOrderTests(ClockedApp app)
{
    [Fact]
    public async Task Webhooks_that_read_assignments_before_they_ended_do_not_deadlock_with_assigning_them_again()
    {
        var world = await CreateAsync("active");
        await using var holder = await HolderAsync(world.Assignments[0]);
        await using var webhook = await OtherSession.BeginAsync(app);
        var counting = webhook.ExecuteAsync("""
            select app.count_interactions(
                array_agg(jsonb_populate_record(null::app.webhook_effect, jsonb_build_object('organization_id', @Organization::uuid))),
                array_agg(row(null, c.id, null, true)::app.webhook_target), now())
            from unnest(@Contacts) as c (id)
            """, world);
        await holder.UntilItBlocksAsync(counting);
        // The webhook has read all three as active.
        await app.ExecuteAsync(
            "update app.user_contact_assignment set status = 'inactive' where id = any (@ended)", new { ended = world.Assignments[1..] });
        await using var nextHolder = await HolderAsync(world.Assignments[1]);
        await holder.RollBackAsync();
        await nextHolder.UntilItBlocksAsync(counting);

        var assigning = AssignAsync(world, world.Contacts[2], world.Contacts[1]);
        await nextHolder.UntilItBlocksAsync(assigning, sessions: 2);
        await nextHolder.RollBackAsync();
        await counting;
        await webhook.RollBackAsync();

        Assert.Equal(HttpStatusCode.OK, await assigning);
        Assert.DoesNotContain(await TestCluster.ReadLogAsync(app.Database), line => line.Contains("deadlock detected", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Assigning_by_hand_waits_for_the_first_ended_assignment_without_holding_a_later_one()
    {
        var world = await CreateAsync("inactive");

        await AssertWaitsForFirstAsync(world, () => AssignAsync(world, world.Contacts[2], world.Contacts[1], world.Contacts[0]));
    }

    [Fact]
    public async Task Assigning_by_rules_waits_for_the_first_ended_assignment_without_holding_a_later_one()
    {
        var world = await CreateAsync("inactive");
        await world.Client.SetRulesAsync(AssignmentWorld.CatchAll(AssignmentWorld.Weighted([world.User], 1)));

        await AssertWaitsForFirstAsync(world, async () =>
        {
            using var response = await world.Client.PostAsync(
                AssignmentWorld.AutoAssign, new { contact_ids = new[] { world.Contacts[2], world.Contacts[1], world.Contacts[0] } });
            return response.StatusCode;
        });
    }

    private async Task AssertWaitsForFirstAsync(Assigned world, Func<Task<HttpStatusCode>> assign)
    {
        await using var holder = await HolderAsync(world.Assignments[0]);

        var assigning = assign();
        await holder.UntilItBlocksAsync();

        // Fails if the waiting request has locked one of them.
        await app.ExecuteAsync(
            "select from app.user_contact_assignment where id = any (@later) for no key update nowait", new { later = world.Assignments[1..] });
        await holder.RollBackAsync();
        Assert.Equal(HttpStatusCode.OK, await assigning);
        Assert.Equal(3, await app.QuerySingleAsync<int>(
            "select count(*) from app.user_contact_assignment where id = any (@Assignments) and status = 'active'", world));
    }

    private static async Task<HttpStatusCode> AssignAsync(Assigned world, params Guid[] contacts)
    {
        using var response = await world.Client.PostAsync(
            $"/api/admin/users/{world.User.Id}/assign-contacts", new { contact_ids = contacts });
        return response.StatusCode;
    }

    /// <summary>Three contacts and their assignments to one user. A later contact has a later assignment, but a lower id.</summary>
    private async Task<Assigned> CreateAsync(string status)
    {
        var owner = await app.CreateUserAsync("owner");
        var user = await app.CreateUserAsync("member", owner.OrganizationId);
        Guid[] contacts = [.. (await app.CreateContactsAsync(owner.OrganizationId!.Value, 3)).OrderDescending()];
        var assignments = await app.QueryAsync<Guid>("""
            insert into app.user_contact_assignment (id, organization_id, user_id, contact_id, status)
            select a.id, @OrganizationId, @Id, a.contact_id, @status from unnest(@ids, @contacts) as a (id, contact_id)
            returning id
            """, new
        {
            user.OrganizationId,
            user.Id,
            status,
            contacts,
            ids = contacts.Select((_, number) => Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddDays(number))).ToArray(),
        });
        return new(owner.OrganizationId.Value, user, app.As(owner), contacts, [.. assignments.Order()]);
    }

    /// <summary>A session that holds an assignment.</summary>
    private async Task<OtherSession> HolderAsync(Guid assignment)
    {
        var holder = await OtherSession.BeginAsync(app);
        await holder.ExecuteAsync("select from app.user_contact_assignment where id = @assignment for no key update", new { assignment });
        return holder;
    }

    private sealed record Assigned(Guid Organization, TestUser User, HttpClient Client, Guid[] Contacts, Guid[] Assignments);
}
