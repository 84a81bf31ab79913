using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Processing;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Webhooks.Processing;

/// <summary>Retries, dead letters, fairness and order, by a clock that the tests hold.</summary>
public sealed class ProcessingTests(ProcessingTests.ClockedApp app) : IClassFixture<ProcessingTests.ClockedApp>
{
    [Fact]
    public async Task Event_that_fails_twice_succeeds_at_its_third_attempt_with_one_effect()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());
        await app.FailForAsync("twice@example.org");

        var id = (await app.DeliverAsync(endpoint, Event("email_sent", "twice@example.org"))).GetProperty("id").GetGuid();
        await app.UntilProcessedAsync(endpoint.OrganizationId);
        await AssertStateAsync(id, "failed", "processing_failed", retries: 0);

        app.Time.Advance(TimeSpan.FromSeconds(59));
        await app.ProcessDueAsync();
        await AssertStateAsync(id, "failed", "processing_failed", retries: 0);
        app.Time.Advance(TimeSpan.FromSeconds(1));
        await app.ProcessDueAsync();
        await AssertStateAsync(id, "failed", "processing_failed", retries: 1);

        await app.FailNoLongerAsync();
        app.Time.Advance(TimeSpan.FromMinutes(5));
        await app.ProcessDueAsync();
        await AssertStateAsync(id, "processed", null, retries: 2);
        var effects = await app.QuerySingleJsonAsync("""
            select (select sent_count from app.lead where organization_id = @OrganizationId) as sent,
                (select count(*) from app.webhook_attempt where organization_id = @OrganizationId and kind = 'failure') as failures
            """, endpoint);
        effects.AssertIncludes(new { Sent = 1, Failures = 2 });
    }

    [Fact]
    public async Task Due_event_is_claimed_however_many_organizations_wait_for_a_retry()
    {
        for (var i = 0; i < 20; i++)
        {
            var waiting = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());
            await app.DeliverAsync(waiting, Event("email_sent", null));
            await app.UntilProcessedAsync(waiting.OrganizationId);
        }
        var due = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());
        var id = (await app.DeliverAsync(due, Event("email_sent", null))).GetProperty("id").GetGuid();
        await app.UntilProcessedAsync(due.OrganizationId);
        var now = app.Time.GetUtcNow().UtcDateTime;
        await app.ExecuteAsync("update app.webhook_log set due_at = @now where id = @id", new { now, id });

        await using var session = await app.Services.GetRequiredService<SalesBrainDatabase>().WritePlatformAsync(CancellationToken.None);
        var claimed = await DueWebhooks.ClaimDueAsync(session, now, organizations: 1, perOrganization: 10, CancellationToken.None);

        Assert.Equal([id], claimed.Select(log => log.Id));
    }

    [Fact]
    public async Task Event_that_always_fails_is_dead_after_six_attempts_and_waits_for_a_person()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());
        var id = (await app.DeliverAsync(endpoint, Event("email_sent", null))).GetProperty("id").GetGuid();
        await app.UntilProcessedAsync(endpoint.OrganizationId);

        var waits = new List<double>();
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            var next = await app.QuerySingleAsync<DateTime>("select due_at from app.webhook_log where id = @id", new { id });
            waits.Add(Math.Round((next - app.Time.GetUtcNow().UtcDateTime).TotalMinutes));
            app.Time.SetUtcNow(new DateTimeOffset(next, TimeSpan.Zero));
            await app.ProcessDueAsync();
        }

        Assert.Equal([1, 5, 30, 120, 360], waits);
        await AssertStateAsync(id, "dead", "contact_email_missing", retries: 5);
        app.Time.Advance(TimeSpan.FromDays(30));
        await app.ProcessDueAsync();
        await AssertStateAsync(id, "dead", "contact_email_missing", retries: 5);
        Assert.Equal(6, await app.QuerySingleAsync<int>("select count(*) from app.webhook_attempt where log_id = @id", new { id }));
    }

    [Fact]
    public async Task Poisoned_event_costs_only_itself_an_attempt()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());
        await app.FailForAsync("poison@example.org");
        var events = Enumerable.Range(0, 40).Select(i => Event("email_sent", i == 17 ? "poison@example.org" : $"fine{i}@example.org"));

        await app.DeliverAsync(endpoint, $"[{string.Join(',', events)}]");
        await app.UntilProcessedAsync(endpoint.OrganizationId);
        await app.FailNoLongerAsync();

        var counts = await app.QueryJsonAsync("""
            select status, count(*) from app.webhook_log where organization_id = @OrganizationId group by status order by status
            """, endpoint);
        counts.AssertIncludes(new[] { new { Status = "failed", Count = 1 }, new { Status = "processed", Count = 39 } });
        Assert.Equal(39, await app.QuerySingleAsync<int>(
            "select sum(contacted) from app.campaign_counter where organization_id = @OrganizationId", endpoint));
    }

    [Fact]
    public async Task Noisy_organization_does_not_delay_a_quiet_one()
    {
        var noisy = await app.CreateOrganizationAsync();
        var quiet = await app.CreateOrganizationAsync();
        await app.CreatePendingAsync(noisy, 500, app.Time.GetUtcNow().UtcDateTime.AddHours(-1));
        await app.CreatePendingAsync(quiet, 1, app.Time.GetUtcNow().UtcDateTime);

        Assert.True(await app.Services.GetRequiredService<WebhookProcessor>().ProcessBatchAsync(CancellationToken.None) > 1);

        Assert.Equal(0, await PendingAsync(quiet));
        Assert.InRange(await PendingAsync(noisy), 1, 499);
        await app.ProcessDueAsync();
        Assert.Equal(0, await PendingAsync(noisy));

        Task<int> PendingAsync(Guid organization) => app.QuerySingleAsync<int>(
            "select count(*) from app.webhook_log where organization_id = @organization and status = 'pending'", new { organization });
    }

    [Fact]
    public async Task Two_processors_at_once_share_the_work_and_double_nothing()
    {
        var organization = await app.CreateOrganizationAsync();
        await app.CreatePendingAsync(organization, 400, app.Time.GetUtcNow().UtcDateTime);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.ProcessDueAsync()));

        var effects = await app.QuerySingleJsonAsync("""
            select (select count(*) from app.webhook_log where organization_id = @organization and status = 'processed') as processed,
                (select count(*) from app.activity where organization_id = @organization) as activities,
                (select sum(contacted) from app.campaign_counter where organization_id = @organization) as contacted
            """, new { organization });
        effects.AssertIncludes(new { Processed = 400, Activities = 400, Contacted = 400 });
    }

    [Fact]
    public async Task Reply_before_sent_leaves_the_lead_responded()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());

        await SendAsync(endpoint, Event("reply_received", "order@example.org", "2026-01-02T00:00:00Z"));
        await SendAsync(endpoint, Event("email_sent", "order@example.org", "2026-01-01T00:00:00Z"));

        var lead = await app.QuerySingleJsonAsync(
            "select status, last_activity_at from app.lead where organization_id = @OrganizationId", endpoint);
        lead.AssertIncludes(new { Status = "responded", LastActivityAt = "2026-01-02T00:00:00Z" });
    }

    [Fact]
    public async Task Old_interest_does_not_replace_a_newer_one()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());

        await SendAsync(endpoint, Event("lead_meeting_booked", "interest@example.org", "2026-01-02T00:00:00Z"));
        await SendAsync(endpoint, Event("lead_not_interested", "interest@example.org", "2026-01-01T00:00:00Z"));
        Assert.Equal("meeting_booked", await InterestAsync());

        await SendAsync(endpoint, Event("lead_closed", "interest@example.org", "2026-01-03T00:00:00Z"));
        await SendAsync(endpoint, Event("lead_no_show", "interest@example.org", "2026-01-04T00:00:00Z"));
        Assert.Equal("no_show", await InterestAsync());
        Assert.Equal(
            "converted",
            await app.QuerySingleAsync<string>("select status from app.lead where organization_id = @OrganizationId", endpoint));

        Task<string> InterestAsync() =>
            app.QuerySingleAsync<string>("select interest from app.lead where organization_id = @OrganizationId", endpoint);
    }

    [Fact]
    public async Task Bounce_and_unsubscribe_suppress_the_contact()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());

        await SendAsync(endpoint, Event("email_bounced", "gone@example.org", "2026-01-01T00:00:00Z"));
        await SendAsync(endpoint, Event("lead_unsubscribed", "gone@example.org", "2026-01-02T00:00:00Z"));

        var contact = await app.QuerySingleJsonAsync(
            "select suppression, suppressed_at from app.contact where organization_id = @OrganizationId", endpoint);
        contact.AssertIncludes(new { Suppression = "unsubscribed", SuppressedAt = "2026-01-01T00:00:00Z" });
    }

    [Fact]
    public async Task Campaign_events_set_its_status_in_the_order_they_happened()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());

        await SendAsync(endpoint, Deliveries.Fixture("campaign_completed", ("timestamp", "2026-01-02T00:00:00Z")));
        await SendAsync(
            endpoint, Deliveries.Fixture("campaign_completed", ("timestamp", "2026-01-01T00:00:00Z"), ("event_type", "campaign_started")));

        var campaign = await app.QuerySingleJsonAsync(
            "select status, started_at, completed_at from app.campaign where organization_id = @OrganizationId", endpoint);
        campaign.AssertIncludes(new { Status = "completed", StartedAt = "2026-01-01T00:00:00Z", CompletedAt = "2026-01-02T00:00:00Z" });
    }

    [Fact]
    public async Task Replies_notify_the_assignee_else_the_campaigns_owners_and_a_burst_is_one_notification()
    {
        var organization = await app.CreateOrganizationAsync();
        var endpoint = await app.CreateTokenEndpointAsync(organization);
        var campaignOwner = await app.CreateUserAsync("member", organization);
        var assignee = await app.CreateUserAsync("member", organization);
        await SendAsync(endpoint, Event("email_sent", "one@example.org"));
        await app.ExecuteAsync("""
            insert into app.user_campaign_assignment (organization_id, user_id, campaign_id, role)
            select organization_id, @Id, id, 'owner' from app.campaign where organization_id = @organization
            """, new { campaignOwner.Id, organization });

        await SendAsync(endpoint, Event("reply_received", "one@example.org"));
        await SendAsync(endpoint, Event("reply_received", "two@example.org"));
        await app.ExecuteAsync(
            "update app.lead set assigned_to = @Id where organization_id = @organization", new { assignee.Id, organization });
        await SendAsync(endpoint, Event("reply_received", "one@example.org"));

        var notifications = await app.QueryJsonAsync("""
            select user_id, type, count from app.notification where organization_id = @organization order by created_at, count desc
            """, new { organization });
        notifications.AssertIncludes(new[]
        {
            new { UserId = campaignOwner.Id, Type = "email.replied", Count = 2 },
            new { UserId = assignee.Id, Type = "email.replied", Count = 1 },
        });
    }

    [Fact]
    public async Task Account_trouble_notifies_owners_and_admins_and_makes_no_contact()
    {
        var organization = await app.CreateOrganizationAsync();
        var endpoint = await app.CreateTokenEndpointAsync(organization);
        var owner = await app.CreateUserAsync("owner", organization);
        var admin = await app.CreateUserAsync("admin", organization);
        await app.CreateUserAsync("member", organization);
        await app.CreateUserAsync("owner", organization, status: "disabled");

        await SendAsync(endpoint, Deliveries.Event("account_error", null));

        Assert.Equal(
            new[] { owner.Id, admin.Id }.Order(),
            (await app.QueryAsync<Guid>("select user_id from app.notification where organization_id = @organization", new { organization })).Order());
        Assert.Equal(0, await app.QuerySingleAsync<int>(
            "select count(*) from app.contact where organization_id = @organization", new { organization }));
    }

    private async Task SendAsync(TokenEndpoint endpoint, string body)
    {
        await app.DeliverAsync(endpoint, body);
        await app.UntilProcessedAsync(endpoint.OrganizationId);
    }

    private string Event(string type, string? email, string? timestamp = null)
    {
        app.Time.Advance(TimeSpan.FromMilliseconds(1));
        return Deliveries.Event(type, email, ("timestamp", timestamp ?? app.Time.GetUtcNow().ToString("O")));
    }

    private async Task AssertStateAsync(Guid id, string status, string? errorCode, int retries)
    {
        var log = await app.QuerySingleJsonAsync("select status, error_code, retry_count from app.webhook_log where id = @id", new { id });
        log.AssertIncludes(new { Status = status, ErrorCode = errorCode, RetryCount = retries });
    }

    public sealed class ClockedApp : TestApp
    {
        public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 10, 12, 0, 0, TimeSpan.Zero));

        public override TimeProvider Clock => Time;

        /// <summary>Processes everything that is due now, as the timer does.</summary>
        public async Task ProcessDueAsync()
        {
            while (await Services.GetRequiredService<WebhookProcessor>().ProcessBatchAsync(CancellationToken.None) > 0)
            {
                // Until nothing is due.
            }
        }

        /// <summary>Makes the effects of one contact's events fail, as a defect in the database would.</summary>
        public Task FailForAsync(string email) => ExecuteAsync($"""
            create or replace function app.fail_for_test() returns trigger language plpgsql as $$
            begin
                if new.contact_id in (select id from app.contact where email_norm = '{email}') then raise exception 'broken for a test'; end if;
                return new;
            end $$;
            create or replace trigger fail_for_test before insert on app.activity for each row execute function app.fail_for_test();
            """);

        public Task FailNoLongerAsync() => ExecuteAsync("drop trigger fail_for_test on app.activity");

        /// <summary>Creates pending logs. Unlike the receiver, it does not notify the processor.</summary>
        public async Task CreatePendingAsync(Guid organization, int count, DateTime receivedAt)
        {
            // Other tests move the clock by several months.
            await this.EnsurePartitionsAsync(receivedAt);
            await ExecuteAsync("""
                with made as (
                    insert into app.webhook_log (id, organization_id, event_source, event_type, status, due_at, occurred_at, created_at, last_delivered_at)
                    select gen_random_uuid(), @organization, 'instantly', 'email.sent', 'pending', @receivedAt, @receivedAt, @receivedAt, @receivedAt
                    from generate_series(1, @count)
                    returning id, organization_id, created_at
                )
                insert into app.webhook_payload (log_id, organization_id, created_at, content_type, body)
                select id, organization_id, created_at, 'application/json', convert_to(
                    format('{"event_type":"email_sent","lead_email":"%s@example.org","campaign_id":"c"}', id), 'UTF8')
                from made
                """, new { organization, count, receivedAt });
        }
    }
}
