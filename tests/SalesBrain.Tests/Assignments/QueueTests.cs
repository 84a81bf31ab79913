using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Data.Assignments;
using SalesBrain.Functions.Assignments;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Assignments;

/// <summary>Contacts in the assignment queue: AssignQueuedContacts, and new contacts from webhooks.</summary>
public sealed class QueueTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task Whoever_waits_is_assigned_oldest_first_when_somebody_becomes_eligible()
    {
        var (owner, client) = await app.CreateOwnerAsync();
        var user = await app.CreateUserAsync("member", owner.OrganizationId, status: "disabled");
        await client.SetRulesAsync(AssignmentWorld.CatchAll(new { user_id = user.Id, max_open_contacts = 3 }));
        var contacts = await app.CreateContactsAsync(owner.OrganizationId!.Value, 5);
        await client.AutoAssignAsync(contacts);
        await app.ExecuteAsync("""
            update app.assignment_queue q set queued_at = now() - interval '1 hour' * array_position(@contacts, q.contact_id) where organization_id = @OrganizationId
            """, new { contacts, owner.OrganizationId });
        await RunTimerAsync();
        Assert.Equal(5, await WaitingAsync(owner));

        await app.ExecuteAsync("update app.user set status = 'active' where id = @Id", new { user.Id });
        await RunTimerAsync();

        Assert.Equal(2, await WaitingAsync(owner));
        Assert.Equal(contacts[2..].Order(), (await app.QueryAsync<Guid>("select contact_id from app.user_contact_assignment where user_id = @Id", new { user.Id })).Order());
        Assert.Equal(0, await app.QuerySingleAsync<int>(
            "select count(assigned_by) from app.user_contact_assignment where user_id = @Id", new { user.Id }));
        using var response = await client.GetAsync(AssignmentWorld.Rules);
        Assert.Equal(2, (await response.DataAsync()).GetProperty("waiting").GetInt32());
    }

    [Fact]
    public async Task A_rule_without_anybody_does_not_hold_up_another()
    {
        var (owner, client) = await app.CreateOwnerAsync();
        var users = await app.CreateMembersAsync(owner.OrganizationId!.Value, 2);
        await app.ExecuteAsync(
            "update app.user set status = 'disabled' where organization_id = @OrganizationId and role = 'member'",
            new { owner.OrganizationId });
        await client.SetRulesAsync(
            new
            {
                name = "Blocked",
                strategy = "territory",
                conditions = new { countries = new[] { "DE" } },
                members = AssignmentWorld.Weighted([users[0]], 1),
            },
            AssignmentWorld.CatchAll(AssignmentWorld.Weighted([users[1]], 1)));
        await client.AutoAssignAsync(await app.CreateContactsAsync(owner.OrganizationId.Value, 300, "DE"));
        await client.AutoAssignAsync(await app.CreateContactsAsync(owner.OrganizationId.Value, 450));

        await app.ExecuteAsync("update app.user set status = 'active' where id = @Id", new { users[1].Id });
        await RunTimerAsync();

        Assert.Equal(300, await WaitingAsync(owner));
        Assert.Equal([0, 450], (IEnumerable<int>)await app.CountContactsAsync(users));
    }

    [Fact]
    public async Task Several_instances_at_once_assign_each_once()
    {
        var (owner, client) = await app.CreateOwnerAsync();
        var users = await app.CreateMembersAsync(owner.OrganizationId!.Value, 3);
        await app.ExecuteAsync(
            "update app.user set status = 'disabled' where organization_id = @OrganizationId and role = 'member'",
            new { owner.OrganizationId });
        await client.SetRulesAsync(AssignmentWorld.CatchAll(AssignmentWorld.Weighted(users, 1, 1, 1)));
        await client.AutoAssignAsync(await app.CreateContactsAsync(owner.OrganizationId.Value, 900));
        await app.ExecuteAsync(
            "update app.user set status = 'active' where organization_id = @OrganizationId", new { owner.OrganizationId });

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => RunTimerAsync()));

        Assert.Equal(0, await WaitingAsync(owner));
        Assert.Equal([300, 300, 300], (IEnumerable<int>)await app.CountContactsAsync(users));
    }

    [Fact]
    public async Task Other_rules_match_anew_whoever_waits()
    {
        var (owner, client) = await app.CreateOwnerAsync();
        var users = await app.CreateMembersAsync(owner.OrganizationId!.Value, 2);
        await app.ExecuteAsync("update app.user set status = 'disabled' where id = @Id", new { users[0].Id });
        await client.SetRulesAsync(AssignmentWorld.CatchAll(AssignmentWorld.Weighted([users[0]], 1)));
        await client.AutoAssignAsync(await app.CreateContactsAsync(owner.OrganizationId.Value, 2));

        await client.SetRulesAsync(AssignmentWorld.CatchAll(AssignmentWorld.Weighted([users[1]], 1)));
        await RunTimerAsync();

        Assert.Equal([0, 2], (IEnumerable<int>)await app.CountContactsAsync(users));
    }

    [Fact]
    public async Task One_organizations_trouble_is_not_another_ones()
    {
        var (troubled, broken) = await app.CreateOwnerAsync();
        await broken.SetRulesAsync(AssignmentWorld.CatchAll(
            new { user_id = troubled.Id, working_hours = new { time_zone = "UTC", from = "00:00", to = "24:00" } }));
        await app.ExecuteAsync(
            "update app.assignment_member set time_zone = 'Gone/Zone' where organization_id = @OrganizationId",
            new { troubled.OrganizationId });
        var (fine, _) = await app.CreateOwnerAsync();
        foreach (var organization in (Guid[])[troubled.OrganizationId!.Value, fine.OrganizationId!.Value])
        {
            await app.CreateContactsAsync(organization, 3);
            await app.ExecuteAsync("""
                insert into app.assignment_queue (organization_id, contact_id, source, queued_at) select organization_id, id, 'new_contact', now() from app.contact where organization_id = @organization
                """, new { organization });
        }

        await RunTimerAsync();

        Assert.Equal(3, await WaitingAsync(troubled));
        Assert.Equal(0, await WaitingAsync(fine));
    }

    [Fact]
    public async Task A_webhooks_new_contact_is_assigned_right_behind_it_where_that_is_turned_on()
    {
        var (owner, client) = await app.CreateOwnerAsync();
        var user = await app.CreateUserAsync("member", owner.OrganizationId);
        await client.SetRulesAsync(AssignmentWorld.CatchAll(AssignmentWorld.Weighted([user], 1)));
        var endpoint = await app.CreateTokenEndpointAsync(owner.OrganizationId!.Value);
        await SendAsync(endpoint, "before@prospect.example");
        Assert.Equal(0, await WaitingAsync(owner));

        await client.AssignNewContactsAsync(true);
        await SendAsync(endpoint, "after@prospect.example");
        await SendAsync(endpoint, "after@prospect.example", "email_opened");
        await SendAsync(endpoint, "before@prospect.example", "email_opened");

        await Eventually.HoldsAsync(async () => await WaitingAsync(owner) == 0, "No contact waits for an owner.");
        Assert.Equal(["after@prospect.example"], await app.QueryAsync<string>("""
            select k.email from app.user_contact_assignment a join app.contact k on k.id = a.contact_id where a.user_id = @Id and a.status = 'active'
            """, new { user.Id }));
        Assert.Equal("round_robin", await app.QuerySingleAsync<string>(
            "select assignment_type from app.user_contact_assignment where user_id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task Many_new_contacts_at_once_are_assigned_once_each_and_fairly_by_what_their_events_told()
    {
        var (owner, client) = await app.CreateOwnerAsync();
        var users = await app.CreateMembersAsync(owner.OrganizationId!.Value, 3);
        await client.SetRulesAsync(
            new
            {
                name = "By domain",
                strategy = "territory",
                conditions = new { company_domains = new[] { "special.example" } },
                members = AssignmentWorld.Weighted([users[2]], 1),
            },
            AssignmentWorld.CatchAll(AssignmentWorld.Weighted(users[..2], 1, 1)));
        await client.AssignNewContactsAsync(true);
        var endpoint = await app.CreateTokenEndpointAsync(owner.OrganizationId.Value);

        await Task.WhenAll(
            Enumerable.Range(0, 60).Select(i => app.DeliverAsync(
                endpoint, Deliveries.Event("email_sent", $"p{i}@{(i % 3 == 0 ? "special" : "other")}.example"))));
        await app.UntilProcessedAsync(owner.OrganizationId.Value);

        await Eventually.HoldsAsync(async () => await WaitingAsync(owner) == 0, "No contact waits for an owner.");
        Assert.Equal([20, 20, 20], (IEnumerable<int>)await app.CountContactsAsync(users));
    }

    [Fact]
    public async Task Webhooks_and_assignments_of_the_same_contacts_at_once_do_not_trip_over_each_other()
    {
        var (owner, client) = await app.CreateOwnerAsync();
        var users = await app.CreateMembersAsync(owner.OrganizationId!.Value, 2);
        var endpoint = await app.CreateTokenEndpointAsync(owner.OrganizationId.Value);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            app.DeliverAsync(endpoint, Deliveries.Event("email_sent", $"busy{i}@prospect.example"))));
        await app.UntilProcessedAsync(owner.OrganizationId.Value);
        var contacts = (await app.QueryAsync<Guid>("select id from app.contact where organization_id = @OrganizationId", new { owner.OrganizationId })).ToArray();

        var sending = Parallel.ForEachAsync(Enumerable.Range(0, 400), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
            await app.DeliverAsync(endpoint, Deliveries.Fixture(
                "email_sent", ("lead_email", $"busy{i % 40}@prospect.example"), ("email", null), ("companyName", $"Company {i}"),
                ("timestamp", $"2026-01-01T00:{i / 60:00}:{i % 60:00}Z"))));
        for (var i = 0; i < 20; i++)
        {
            Random.Shared.Shuffle(contacts);
            using var response = await client.PostAsync(
                $"/api/admin/users/{users[i % 2].Id}/assign-contacts", new { contact_ids = contacts, transfer = true });
            Assert.Equal(40, (await response.JsonAsync()).GetProperty("success_count").GetInt32());
            await client.AutoAssignAsync(contacts);
        }
        await sending;
        await app.UntilProcessedAsync(owner.OrganizationId.Value);

        var events = await app.QuerySingleJsonAsync("""
            select count(*) filter (where status = 'processed') as processed, sum(retry_count) as retries
            from app.webhook_log where organization_id = @OrganizationId
            """, new { owner.OrganizationId });
        events.AssertIncludes(new { Processed = 440, Retries = 0 });
        Assert.DoesNotContain(app.Logs.Lines, line => line.Contains("deadlock", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_crash_left_in_the_queue_the_timer_takes()
    {
        var (owner, client) = await app.CreateOwnerAsync();
        await client.AssignNewContactsAsync(true);
        var contact = Assert.Single(await app.CreateContactsAsync(owner.OrganizationId!.Value, 1));
        await app.ExecuteAsync(
            "insert into app.assignment_queue (organization_id, contact_id, source, queued_at) "
            + "values (@OrganizationId, @contact, 'new_contact', now())",
            new { owner.OrganizationId, contact });

        await RunTimerAsync();

        Assert.Equal(owner.Id, await app.OwnerOfAsync(contact));
    }

    [Fact]
    public async Task Turned_off_new_contacts_wait_no_longer_but_those_that_were_asked_for_do()
    {
        var (owner, client) = await app.CreateOwnerAsync();
        var user = await app.CreateUserAsync("member", owner.OrganizationId, status: "disabled");
        await client.SetRulesAsync(AssignmentWorld.CatchAll(AssignmentWorld.Weighted([user], 1)));
        await client.AssignNewContactsAsync(true);
        var contacts = await app.CreateContactsAsync(owner.OrganizationId!.Value, 2);
        await client.AutoAssignAsync(contacts[..1]);
        await app.ExecuteAsync(
            "insert into app.assignment_queue (organization_id, contact_id, source, queued_at) "
            + "values (@OrganizationId, @contact, 'new_contact', now())",
            new { owner.OrganizationId, contact = contacts[1] });

        await client.AssignNewContactsAsync(false);

        Assert.Equal(contacts[0], await app.QuerySingleAsync<Guid>(
            "select contact_id from app.assignment_queue where organization_id = @OrganizationId", new { owner.OrganizationId }));
    }

    [Fact]
    public async Task A_suspended_organization_is_left_alone()
    {
        var (owner, _) = await app.CreateOwnerAsync();
        await app.CreateContactsAsync(owner.OrganizationId!.Value, 1);
        await app.ExecuteAsync("""
            insert into app.assignment_queue (organization_id, contact_id, source, queued_at) select organization_id, id, 'new_contact', now() from app.contact where organization_id = @OrganizationId;
            update app.organization set status = 'suspended' where id = @OrganizationId
            """, new { owner.OrganizationId });

        await RunTimerAsync();

        Assert.Equal(1, await WaitingAsync(owner));
    }

    private async Task RunTimerAsync()
    {
        var timer = ActivatorUtilities.CreateInstance<AssignQueuedContacts>(
            app.Services, app.Services.GetRequiredService<AssignmentDrain>());
        await timer.Run(new Microsoft.Azure.Functions.Worker.TimerInfo(), CancellationToken.None);
    }

    private Task<int> WaitingAsync(TestUser owner) =>
        app.QuerySingleAsync<int>(
            "select count(*) from app.assignment_queue where organization_id = @OrganizationId", new { owner.OrganizationId });

    private async Task SendAsync(TokenEndpoint endpoint, string email, string type = "email_sent")
    {
        await app.DeliverAsync(endpoint, Deliveries.Event(type, email));
        await app.UntilProcessedAsync(endpoint.OrganizationId);
    }
}
