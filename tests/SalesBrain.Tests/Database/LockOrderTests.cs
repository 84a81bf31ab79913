using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SalesBrain.Data.Assignments;
using SalesBrain.Data.Imports.Running;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Endpoints;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Database;

/// <summary>
/// Statements that lock several rows do it in the order of docs/architecture.md, or wait for nobody. Each test deadlocks, or waits, if they do
/// not. The rows are stored in the opposite order, so that a scan finds the later one first.
/// </summary>
public sealed class LockOrderTests(TestApp app)
{
    // Before the data of all other tests.
    private static readonly DateTime Old = new(2001, 2, 3, 4, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task Silent_endpoints_are_marked_by_id()
    {
        var organization = await app.CreateOrganizationAsync();
        var (first, later) = InOrder(await app.CreateEndpointAsync(organization), await app.CreateEndpointAsync(organization), one => one.Id);
        // Each is stored anew, the first one last.
        foreach (var endpoint in new[] { later, first })
        {
            await app.ExecuteAsync(
                "update app.webhook_endpoint set expect_every_seconds = 60, updated_at = '2026-01-01' where id = @Id", new { endpoint.Id });
        }

        await OtherSession.LockAroundAsync(
            app,
            "select from app.webhook_endpoint where id = @first for no key update",
            "select from app.webhook_endpoint where id = @later for no key update",
            new { first = first.Id, later = later.Id },
            async () =>
            {
                await using var session = await Services.WritePlatformAsync(TestContext.Current.CancellationToken);
                var changed = await WebhookSilence.UpdateAsync(session, DateTime.UtcNow, TestContext.Current.CancellationToken);
                // Not committed: other tests have endpoints as well.
                Assert.Equal([first.Id, later.Id], changed.Where(change => change.OrganizationId == organization).Select(change => change.EndpointId));
            });
    }

    [Fact]
    public async Task Places_in_the_queue_are_locked_by_contact_when_rules_are_replaced()
    {
        var world = await CreateQueueAsync();

        await LockAroundQueueAsync(world, () => world.Client.SetRulesAsync(AssignmentWorld.CatchAll(AssignmentWorld.Weighted([world.User], 1))));
    }

    [Fact]
    public async Task Places_in_the_queue_are_locked_by_contact_when_contacts_are_assigned()
    {
        var world = await CreateQueueAsync();

        await LockAroundQueueAsync(world, async () =>
        {
            await using var session = await Services.WritePlatformAsync(TestContext.Current.CancellationToken);
            // As with many contacts, whose places are found in the order in which they are stored.
            await session.ExecuteAsync("set local enable_indexscan = off", null, TestContext.Current.CancellationToken);
            await ContactAssignments.AssignAsync(session, new NewContactAssignments
            {
                OrganizationId = world.User.OrganizationId!.Value,
                UserId = world.User.Id,
                Contacts = [(world.Later, 100), (world.First, 100)],
                AssignmentType = "manual",
                HasFollowup = false,
                NextFollowupAt = null,
                AssignedBy = world.User.Id,
                Now = DateTimeOffset.UtcNow,
            }, TestContext.Current.CancellationToken);
            await session.CommitAsync();
        });
    }

    [Fact]
    public async Task Sources_of_jobs_that_are_cancelled_are_locked_by_id()
    {
        var organization = await app.CreateOrganizationAsync();
        var user = await app.CreateUserAsync("owner", organization);
        var (first, later) = InOrder(await app.CreateSourceAsync(organization), await app.CreateSourceAsync(organization), id => id);
        foreach (var source in new[] { later, first })
        {
            var job = await app.CreateJobAsync(organization, source, status: "paused", createdBy: user.Id);
            await app.ExecuteAsync(
                "update app.import_job set paused_at = @at where id = @job", new { job, at = source == later ? Old : Old.AddHours(1) });
        }

        await OtherSession.LockAroundAsync(
            app,
            "select from app.data_source where id = @first for no key update",
            "select from app.data_source where id = @later for no key update",
            new { first, later },
            () => ImportUpkeep.CancelPausedAsync(
                Services.AutoCommitPlatform(), Old.AddDays(1), DateTime.UtcNow, 100, TestContext.Current.CancellationToken));

        Assert.Equal(2, await app.QuerySingleAsync<int>(
            "select count(*) from app.import_job where organization_id = @organization and status = 'cancelled'", new { organization }));
    }

    [Fact]
    public async Task Sessions_of_a_disabled_user_are_locked_by_id()
    {
        var user = await app.CreateUserAsync("member");
        var (first, later) = await CreateSessionsAsync(user);

        await OtherSession.LockAroundAsync(
            app,
            "select from app.refresh_token where id = @first for no key update",
            "select from app.refresh_token where id = @later for no key update",
            new { first, later },
            () => app.ExecuteAsync("update app.user set status = 'disabled' where id = @Id", new { user.Id }));

        Assert.Equal(0, await app.SessionsOfAsync(user));
    }

    [Fact]
    public async Task Signing_out_everywhere_does_not_hold_the_presented_session_before_the_others()
    {
        var user = await app.CreateUserAsync("member");
        var (first, later) = await CreateSessionsAsync(user);

        await OtherSession.LockAroundAsync(
            app,
            "select from app.refresh_token where id = @first for no key update",
            "select from app.refresh_token where id = @later for no key update nowait",
            new { first, later },
            async () =>
            {
                using var response = await app.Http.PostAsync($"{AuthWorld.Auth}/logout", new { refresh_token = $"{later}", all = true });
                Assert.Equal(2, (await response.DataAsync()).GetProperty("sessions_ended").GetInt32());
            });
    }

    [Fact]
    public async Task Activities_are_locked_by_time_when_contacts_are_merged()
    {
        var organization = await app.CreateOrganizationAsync();
        var (merged, survivor) = (await app.CreatePersonAsync(organization), await app.CreatePersonAsync(organization));
        var (first, later) = await CreateActivitiesAsync(organization, merged);

        await OtherSession.LockAroundAsync(
            app,
            "select from app.activity where id = @first for no key update",
            "select from app.activity where id = @later for no key update",
            new { first, later },
            () => AsPlatformAsync("select count(*) from app.merge_contacts(@organization, @merged, @survivor, now())", new { organization, merged, survivor }));

        Assert.Equal(2, await app.QuerySingleAsync<int>("select count(*) from app.activity where contact_id = @survivor", new { survivor }));
    }

    [Fact]
    public async Task Activities_are_locked_by_time_when_a_person_is_erased()
    {
        var organization = await app.CreateOrganizationAsync();
        var contact = await app.CreatePersonAsync(organization);
        var (first, later) = await CreateActivitiesAsync(organization, contact);

        await OtherSession.LockAroundAsync(
            app,
            "select from app.activity where id = @first for no key update",
            "select from app.activity where id = @later for no key update",
            new { first, later },
            () => AsPlatformAsync("select app.erase_contact(@organization, @contact, 1, '{}', '{}', now())", new { organization, contact }));

        Assert.Equal(0, await app.QuerySingleAsync<int>("select count(*) from app.activity where contact_id = @contact", new { contact }));
    }

    [Fact]
    public async Task Audit_entries_are_locked_by_time_when_mentions_are_erased()
    {
        var organization = await app.CreateOrganizationAsync();
        var (first, later) = (Guid.CreateVersion7(DateTimeOffset.UnixEpoch), Guid.CreateVersion7());
        await app.ExecuteAsync("""
            insert into app.audit_log (id, organization_id, action, entity, changes, at)
            values (@later, @organization, 'lead.updated', 'lead', '{"note": "ada@prospect.example"}', now()),
                (@first, @organization, 'lead.updated', 'lead', '{"note": "ada@prospect.example"}', now() - interval '1 minute')
            """, new { organization, first, later });

        await OtherSession.LockAroundAsync(
            app,
            "select from app.audit_log where id = @first for no key update",
            "select from app.audit_log where id = @later for no key update",
            new { first, later },
            () => AsPlatformAsync(
                "select app.erase_mentions('audit_log', @organization, array['ada@prospect.example'], '-infinity')", new { organization }));

        Assert.Equal(0, await app.QuerySingleAsync<int>(
            "select count(*) from app.audit_log where organization_id = @organization and changes::text like '%ada@%'", new { organization }));
    }

    [Fact]
    public async Task Deleting_an_organization_waits_for_the_fold_of_tallies_without_holding_changes()
    {
        var organization = await app.CreateOrganizationAsync();
        await app.ExecuteAsync(
            "insert into app.tally_change (organization_id, subject, change) values (@organization, 'contact', 1), (@organization, 'contact', -1)",
            new { organization });

        await OtherSession.LockAroundAsync(
            app,
            """
            select pg_advisory_xact_lock(hashtext('app.fold_tally_changes'));
            select from app.tally_change where organization_id = @organization order by id desc limit 1 for update
            """,
            "select from app.tally_change where organization_id = @organization order by id limit 1 for update",
            new { organization },
            () => AsPlatformAsync("select app.delete_organization(@organization)", new { organization }));

        Assert.Equal(0, await app.QuerySingleAsync<int>("select count(*) from app.organization where id = @organization", new { organization }));
    }

    [Fact]
    public async Task Dropped_month_is_locked_after_its_table()
    {
        var month = Old.AddYears(1);
        await app.EnsurePartitionsAsync(month);

        await OtherSession.LockAroundAsync(
            app,
            "lock table only app.webhook_payload in access share mode",
            "select from app.webhook_payload where created_at = @month",
            new { month },
            () => AsPlatformAsync("select app.drop_month_partition('webhook_payload', @month)", new { month }));

        Assert.False(await app.QuerySingleAsync<bool>("select to_regclass('app.webhook_payload_2002_02') is not null"));
    }

    private SalesBrainDatabase Services => app.Services.GetRequiredService<SalesBrainDatabase>();

    /// <summary>Two rows of one millisecond can have their ids in either order.</summary>
    private static (T First, T Later) InOrder<T>(T one, T other, Func<T, Guid> id) => id(one) < id(other) ? (one, other) : (other, one);

    /// <summary>Two contacts that wait, and who assigns them.</summary>
    private async Task<Waiting> CreateQueueAsync()
    {
        var owner = await app.CreateUserAsync("owner");
        var user = await app.CreateUserAsync("member", owner.OrganizationId);
        Guid[] contacts = [.. (await app.CreateContactsAsync(owner.OrganizationId!.Value, 2)).Order()];
        foreach (var contact in contacts.Reverse())
        {
            await app.ExecuteAsync(
                "insert into app.assignment_queue (organization_id, contact_id, source, queued_at) values (@OrganizationId, @contact, 'new_contact', now())",
                new { owner.OrganizationId, contact });
        }
        return new(app.As(owner), user, contacts[0], contacts[1]);
    }

    private Task LockAroundQueueAsync(Waiting world, Func<Task> work) => OtherSession.LockAroundAsync(
        app,
        "select from app.assignment_queue where contact_id = @First for update",
        "select from app.assignment_queue where contact_id = @Later for update nowait",
        world,
        work);

    /// <summary>Two sessions, whose tokens are their ids as texts.</summary>
    private async Task<(Guid First, Guid Later)> CreateSessionsAsync(TestUser user)
    {
        var (first, later) = (Guid.CreateVersion7(DateTimeOffset.UnixEpoch), Guid.CreateVersion7());
        await app.ExecuteAsync("""
            insert into app.refresh_token (id, organization_id, user_id, family_id, token_hash, expires_at)
            select s.id, @OrganizationId, @Id, s.id, sha256(convert_to(s.id::text, 'UTF8')), now() + interval '1 hour'
            from unnest(array[@later, @first]) as s (id)
            """, new { user.OrganizationId, user.Id, first, later });
        return (first, later);
    }

    private async Task<(Guid First, Guid Later)> CreateActivitiesAsync(Guid organization, Guid contact)
    {
        var (first, later) = (Guid.CreateVersion7(DateTimeOffset.UnixEpoch), Guid.CreateVersion7());
        await app.ExecuteAsync("""
            insert into app.activity (id, organization_id, webhook_log_id, activity_type, contact_id, occurred_at, created_at)
            values (@later, @organization, gen_random_uuid(), 'email.sent', @contact, now(), now()),
                (@first, @organization, gen_random_uuid(), 'email.sent', @contact, now(), now() - interval '1 millisecond')
            """, new { organization, contact, first, later });
        return (first, later);
    }

    private async Task AsPlatformAsync(string sql, object arguments)
    {
        await using var connection = new NpgsqlConnection(app.Database.Platform);
        await connection.ExecuteAsync(sql, arguments);
    }

    private sealed record Waiting(HttpClient Client, TestUser User, Guid First, Guid Later);
}
