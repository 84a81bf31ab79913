using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using SalesBrain.LocalHost.Development;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Hosting;

/// <summary>
/// Two hosts on one database, each with all timers every second, under webhooks, duplicates, retries, edits and assignments at once: every
/// effect happens once, nothing is lost, and nothing deadlocks.
/// </summary>
public sealed class TwoHostsTests(TestApp app) : IClassFixture<TestApp>
{
    private const int People = 60;
    private const int Failing = 12;
    private const int Warnings = 15;
    private const int Contacts = 100;
    private const int Edits = 15;
    private const int Links = 15;
    private static readonly string[] Types = ["email_sent", "link_clicked", "reply_received"];

    [Fact]
    public async Task Work_of_two_hosts_happens_once()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var members = await app.CreateMembersAsync(organization, 4);
        using (var client = app.As(owner))
        {
            await client.SetRulesAsync(AssignmentWorld.CatchAll(AssignmentWorld.Weighted(members, 1, 1, 1, 1)));
            await client.AssignNewContactsAsync(true);
        }
        var endpoint = await app.CreateTokenEndpointAsync(organization);
        var failing = await DeliverFailingAsync(endpoint);
        var contacts = await app.CreateContactsAsync(organization, Contacts);
        var edited = await app.CreateClientAsync(organization);
        var silent = await CreateSilentEndpointAsync(organization);
        await CreateExpiredLinksAsync(owner);

        KeyValuePair<string, string?>[] settings =
            [.. app.AllSettings, .. LocalDefaults.Schedules.Select(schedule => KeyValuePair.Create(schedule.Key, (string?)"* * * * * *"))];
        var hosts = await Task.WhenAll(HostProcess.StartAsync(app.Database, settings), HostProcess.StartAsync(app.Database, settings));
        await using var first = hosts[0];
        await using var second = hosts[1];
        foreach (var host in hosts)
        {
            host.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", app.TokenOf(owner));
        }

        await Task.WhenAll(
            DeliverTwiceAsync(hosts, endpoint), RetryOnBothAsync(hosts, failing), AssignOnBothAsync(hosts, contacts),
            EditOnBothAsync(hosts, edited));
        await UntilDoneAsync(organization);

        await AssertEventsAsync(organization);
        await AssertAssignedAsync(organization, members);
        await AssertTimersAsync(organization, owner, silent);
        foreach (var host in hosts)
        {
            Assert.Contains(host.Output, line => line.Contains("Retention dropped", StringComparison.Ordinal));
            Assert.DoesNotContain(
                host.Output,
                line => line.Contains(" fail: ", StringComparison.Ordinal) || line.Contains(" crit: ", StringComparison.Ordinal));
        }
        Assert.DoesNotContain(await TestCluster.ReadLogAsync(app.Database), line => line.Contains("deadlock", StringComparison.Ordinal));
    }

    /// <summary>Every event to both hosts at the same moment. One response says that it is new, the other that it is a duplicate.</summary>
    private static Task DeliverTwiceAsync(HostProcess[] hosts, TokenEndpoint endpoint) => Parallel.ForEachAsync(
        Events(), new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (body, token) =>
        {
            var duplicates = await Task.WhenAll(hosts.Select(async host =>
            {
                using var response = await host.Http.PostTextAsync(endpoint.Path, body);
                var data = await response.DataAsync();
                return data.TryGetProperty("duplicate", out var duplicate) && duplicate.GetBoolean();
            }));
            Assert.Single(duplicates, duplicate => duplicate);
        });

    private static IEnumerable<string> Events() =>
    [
        .. Enumerable.Range(0, People * Types.Length).Select(i => Deliveries.Fixture(
            Types[i % Types.Length], ("lead_email", $"person{i / Types.Length}@prospect.example"), ("email", null),
            ("campaign_id", $"campaign-{i % 5}"))),
        .. Enumerable.Range(0, Warnings).Select(i => Deliveries.Fixture(
            "email_sent", ("event_type", "account_error"), ("lead_email", null), ("email", null), ("campaign_id", null), ("step", i))),
    ];

    private static async Task RetryOnBothAsync(HostProcess[] hosts, Guid[] logs)
    {
        foreach (var log in logs)
        {
            var responses = await Task.WhenAll(hosts.Select(host => host.Http.PostAsync($"/api/admin/webhooks/logs/{log}/retry", null)));

            Assert.Contains(responses, response => response.StatusCode == HttpStatusCode.OK);
            Assert.All(responses, response => Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict));
        }
    }

    private static Task AssignOnBothAsync(HostProcess[] hosts, Guid[] contacts) =>
        Task.WhenAll(hosts.Select(host => host.Http.AutoAssignInParallelAsync(contacts, callers: 3, batch: 25)));

    /// <summary>Two changes of the same version: one is made, the other is refused.</summary>
    private static async Task EditOnBothAsync(HostProcess[] hosts, Guid client)
    {
        for (var i = 0; i < Edits; i++)
        {
            using var current = await hosts[i % 2].Http.GetAsync($"{CrmWorld.Clients}/{client}");
            var version = current.Headers.ETag!.ToString();

            var responses = await Task.WhenAll(hosts.Select((host, number) =>
                host.Http.PutTextAsync($"{CrmWorld.Clients}/{client}", $$"""{"industry": "Edit {{i}} of host {{number}}"}""", version)));

            Assert.Single(responses, response => response.StatusCode == HttpStatusCode.OK);
            Assert.Single(responses, response => response.StatusCode == HttpStatusCode.PreconditionFailed);
        }
    }

    /// <summary>Logs that failed without an address, whose payloads have one now.</summary>
    private async Task<Guid[]> DeliverFailingAsync(TokenEndpoint endpoint)
    {
        var logs = new ConcurrentDictionary<int, Guid>();
        await Parallel.ForAsync(0, Failing, async (i, _) => logs[i] = (await app.DeliverAsync(endpoint, Deliveries.Fixture(
            "email_sent", ("lead_email", null), ("email", null), ("step", i)))).GetProperty("id").GetGuid());
        await app.UntilProcessedAsync(endpoint.OrganizationId);
        foreach (var (i, id) in logs)
        {
            var body = Deliveries.Event("email_sent", $"mended{i}@prospect.example", ("step", i));
            await app.ExecuteAsync(
                "update app.webhook_payload set body = @body where log_id = @id",
                new { id, body = System.Text.Encoding.UTF8.GetBytes(body) });
        }
        return [.. logs.Values];
    }

    private async Task<Guid> CreateSilentEndpointAsync(Guid organization)
    {
        var endpoint = await app.CreateEndpointAsync(organization, expectEvery: "1h");
        await app.ExecuteAsync(
            "update app.webhook_endpoint set updated_at = now() - interval '2 hours' where id = @Id", new { endpoint.Id });
        return endpoint.Id;
    }

    private async Task CreateExpiredLinksAsync(TestUser owner)
    {
        for (var i = 0; i < Links; i++)
        {
            await app.CreateOnboardingLinkAsync(owner);
        }
        await app.ExecuteAsync(
            "update app.onboarding_link set expires_at = now() - interval '1 minute' where organization_id = @OrganizationId",
            new { owner.OrganizationId });
    }

    /// <summary>Waits until the hosts have processed, assigned, expired and counted everything.</summary>
    private Task UntilDoneAsync(Guid organization) => Eventually.HoldsAsync(
        () => app.QuerySingleAsync<bool>("""
            select not exists (select from app.webhook_log where organization_id = @organization and due_at is not null)
                and not exists (select from app.assignment_queue where organization_id = @organization)
                and not exists (select from app.onboarding_link where organization_id = @organization and status = 'active')
                and not exists (select from app.tally_change where organization_id = @organization)
            """, new { organization }),
        "The hosts have finished.");

    private async Task AssertEventsAsync(Guid organization)
    {
        var result = await app.QuerySingleJsonAsync("""
            select (select count(*) from app.webhook_log l where l.organization_id = o.id) as logs,
                (select count(*) from app.webhook_log l where l.organization_id = o.id and l.status = 'processed') as processed,
                (select count(*) from app.webhook_log l where l.organization_id = o.id and l.delivery_count = 2) as delivered_twice,
                (select count(*) from app.activity a where a.organization_id = o.id) as activities,
                (select count(distinct a.webhook_log_id) from app.activity a where a.organization_id = o.id) as logs_with_activity,
                (select sum(l.sent_count)::bigint from app.lead l where l.organization_id = o.id) as sent,
                (select sum(c.contacted)::bigint from app.campaign_counter c where c.organization_id = o.id) as campaign_sent,
                (select sum(c.clicked)::bigint from app.campaign_counter c where c.organization_id = o.id) as campaign_clicked,
                (select sum(c.replied)::bigint from app.campaign_counter c where c.organization_id = o.id) as campaign_replied,
                (select t.processed from app.webhook_log_tally t where t.organization_id = o.id and t.period = 'ever') as tally,
                (select t.contacts from app.organization_tally t where t.organization_id = o.id) as tally_of_contacts,
                (select sum(n.count)::bigint from app.notification n where n.organization_id = o.id and n.type = 'account.error') as notified_warnings
            from app.organization o where o.id = @organization
            """, new { organization });
        const int Events = (People * 3) + Warnings;
        result.AssertIncludes(new
        {
            Logs = Events + Failing,
            Processed = Events + Failing,
            DeliveredTwice = Events,
            Activities = Events + Failing,
            LogsWithActivity = Events + Failing,
            Sent = People + Failing,
            CampaignSent = People + Failing,
            CampaignClicked = People,
            CampaignReplied = People,
            Tally = Events + Failing,
            TallyOfContacts = People + Failing + Contacts,
            NotifiedWarnings = Warnings,
        });
    }

    private async Task AssertAssignedAsync(Guid organization, TestUser[] members)
    {
        const int All = People + Failing + Contacts;
        var counts = await app.CountContactsAsync(members);
        Assert.Equal(All, counts.Sum());
        Assert.True(counts.Max() - counts.Min() <= 1, string.Join(' ', counts));
        var result = await app.QuerySingleJsonAsync("""
            select (select count(*) from app.user_contact_assignment where organization_id = @organization) as assignments,
                (select count(distinct contact_id) from app.user_contact_assignment where organization_id = @organization) as contacts,
                (select sum(count)::bigint from app.notification where organization_id = @organization and type = 'contact.assigned') as notified,
                (select count(*) from app.audit_log where organization_id = @organization and action = 'client.updated') as edits
            """, new { organization });
        result.AssertIncludes(new { Assignments = All, Contacts = All, Notified = All, Edits });
    }

    private async Task AssertTimersAsync(Guid organization, TestUser owner, Guid silent)
    {
        var result = await app.QuerySingleJsonAsync("""
            select (select count(*) from app.notification where user_id = @Id and type = 'onboarding_link.expired') as expired,
                (select count(*) from app.notification where user_id = @Id and type = 'webhook.silent' and link_id = @silent) as silent,
                (select count(*) from app.onboarding_link where organization_id = @organization and status = 'expired') as links
            """, new { owner.Id, organization, silent });
        result.AssertIncludes(new { Expired = Links, Silent = 1, Links });
    }
}
