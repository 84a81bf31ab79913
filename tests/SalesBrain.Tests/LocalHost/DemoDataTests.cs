using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Core.Access;
using SalesBrain.Core.Auth;
using SalesBrain.Core.Security;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Webhooks.Receiving;
using SalesBrain.LocalHost.Demo;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.LocalHost;

public sealed class DemoDataTests(DemoDataTests.Filled app) : IClassFixture<DemoDataTests.Filled>
{
    private static readonly Dictionary<string, string> Tokens = DemoData.Slugs.ToDictionary(slug => slug, slug => $"token-of-{slug}");

    [Theory]
    [InlineData("owner@acme.example", "owner")]
    [InlineData("client_user@globex.example", "client_user")]
    [InlineData("sb_operator@salesbrain.example", "sb_operator")]
    public async Task Demo_user_signs_in(string email, string role)
    {
        var answer = await app.Http.PostAsync("/api/v1/auth/login", new { email, password = DemoData.Password });

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(role, (await answer.JsonAsync()).GetProperty("user").GetProperty("role").GetString());
    }

    [Fact]
    public async Task There_is_an_active_user_for_every_role_all_with_the_one_password()
    {
        var users = await app.QueryAsync<(string Email, string Role)>("select email, role from app.user where status = 'active'");

        Assert.Equal(
            Roles.All.SelectMany(role => role.IsPlatform() ? [DemoData.EmailOf(role, null)] : DemoData.Slugs.Select(slug => DemoData.EmailOf(role, slug))).Order(),
            users.Select(user => user.Email).Order());
        Assert.All(users, user => Assert.StartsWith($"{user.Role}@", user.Email));
        Assert.Equal(1, await app.QuerySingleAsync<int>("select count(distinct password_hash)::int from app.user"));
    }

    [Fact]
    public async Task Lists_show_people_who_come_and_go_and_what_is_inactive()
    {
        var users = await app.QueryJsonAsync("select status, count(*) from app.user where status <> 'active' group by 1 order by 1");
        users.AssertIncludes(new[] { new { Status = "disabled", Count = 2 }, new { Status = "invited", Count = 2 } });
        var clients = await app.QueryJsonAsync("select status, count(*) from app.client group by 1 order by 1");
        clients.AssertIncludes(new[] { new { Status = "active", Count = 6 }, new { Status = "inactive", Count = 2 } });
        Assert.Equal(
            ["agency.created", "client.created", "user.created", "user.disabled"],
            await app.QueryAsync<string>(
                "select distinct action from app.audit_log where organization_id is not null and action <> 'user.signed_in' order by 1"));
        Assert.Equal(0, await app.QuerySingleAsync<int>("select count(*)::int from app.audit_log where at > now()"));
    }

    [Fact]
    public async Task Every_organization_has_something_of_everything()
    {
        var rows = await app.QueryJsonAsync("""
            select o.slug, (select count(*) from app.agency where organization_id = o.id) as agencies,
                (select count(*) from app.client where organization_id = o.id) as clients,
                (select count(*) from app.campaign where organization_id = o.id) as campaigns,
                (select count(*) from app.contact where organization_id = o.id) as contacts,
                (select count(*) from app.lead where organization_id = o.id) as leads,
                (select sum(leads) from app.campaign_counter where organization_id = o.id) as counted_leads,
                (select count(distinct assigned_to) from app.lead where organization_id = o.id) as assignees
            from app.organization o join app.tenant t on t.organization_id = o.id and t.tenant_key = o.slug
            order by o.slug
            """);

        rows.AssertIncludes(((string[])["acme", "globex"]).Select(slug => new
        {
            Slug = slug,
            Agencies = 2,
            Clients = 4,
            Campaigns = 8,
            Contacts = 48 + DemoYear.Leads,
            Leads = 80 + DemoYear.Leads,
            CountedLeads = 80 + DemoYear.Leads,
            Assignees = 2,
        }));
    }

    [Fact]
    public async Task History_of_webhooks_was_processed_but_for_the_one_from_nobody()
    {
        var logs = await app.QueryJsonAsync("""
            select status, error_code, count(*), count(distinct organization_id) as organizations
            from app.webhook_log group by 1, 2 order by 1
            """);

        logs.AssertIncludes(new object[]
        {
            new { Status = "failed", ErrorCode = "contact_email_missing", Count = 2, Organizations = 2 },
            new { Status = "processed", ErrorCode = (string?)null, Organizations = 2 },
        });
        Assert.InRange(logs[1].GetProperty("count").GetInt32(), 200, 1000);
        Assert.Equal(
            ["contacted", "converted", "new", "qualified", "rejected", "responded"],
            await app.QueryAsync<string>("select distinct status from app.lead order by 1"));
        Assert.Equal(0, await app.QuerySingleAsync<int>("select count(*)::int from app.activity where occurred_at > created_at"));
    }

    [Fact]
    public async Task Every_chart_of_a_year_has_something_to_show()
    {
        foreach (var slug in DemoData.Slugs)
        {
            var owner = await app.QuerySingleAsync<(Guid Id, Guid OrganizationId)>(
                "select id, organization_id from app.user where email = @email", new { email = $"owner@{slug}.example" });
            using var client = app.As(new TestUser(owner.Id, "", "owner", owner.OrganizationId, null, null));

            var overview = await client.GetDataAsync("/api/v1/analytics/overview?range=1y&group_by=month");
            var campaign = overview.GetProperty("top_campaigns").EnumerateArray()
                .First(row => row.GetProperty("name").GetString()!.StartsWith("Always on", StringComparison.Ordinal));
            var report = await client.GetDataAsync(
                $"/api/v1/analytics/campaigns/{campaign.GetProperty("campaign_id")}?range=1y&group_by=month");
            var team = await client.GetDataAsync("/api/v1/analytics/team?range=1y");

            Assert.All(overview.GetProperty("series").EnumerateArray().Where(bucket => !bucket.GetProperty("partial").GetBoolean()), bucket =>
            {
                foreach (var name in (string[])["new_leads", "contacted", "opened", "clicked", "replied", "interested", "qualified_leads"])
                {
                    Assert.True(
                        bucket.GetProperty("counts").GetProperty(name).GetInt64() > 0, $"{slug} {bucket.GetProperty("starts_on")} {name}");
                }
            });
            Assert.All(
                overview.GetProperty("leads_by_status").EnumerateObject(), status => Assert.True(status.Value.GetInt64() > 0, status.Name));
            Assert.Equal(
                ["EUR", "USD"],
                overview.GetProperty("deals").EnumerateArray()
                    .Where(deal => deal.GetProperty("state").GetString() == "won" && deal.GetProperty("dimension").GetString() == "total")
                    .Select(deal => deal.GetProperty("currency").GetString()));
            Assert.True(report.GetProperty("steps").GetArrayLength() >= 3);
            Assert.True(report.GetProperty("best_hours").GetArrayLength() > 10);
            Assert.NotEqual(0, report.GetProperty("top_replies").GetArrayLength());
            Assert.Contains(
                team.GetProperty("users").EnumerateArray(),
                user => user.GetProperty("response_times").GetProperty("answered").GetInt64() > 0);
        }
    }

    [Fact]
    public async Task Every_organization_has_onboarding_links_in_every_state()
    {
        Assert.Equal(
            ["active 0 0", "active 2 2", "expired 1 1", "revoked 0 0", "used 3 3"],
            (await app.QueryAsync<string>("""
                select l.status || ' ' || l.clicks_count || ' ' || (select count(*) from app.onboarding_link_access a where a.link_id = l.id and a.kind = 'open')
                from app.onboarding_link l
                """)).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal([5, 5], await app.QueryAsync<int>("select count(*)::int from app.onboarding_link group by organization_id"));
    }

    [Fact]
    public async Task There_is_a_link_to_open()
    {
        var (session, secrets) = (app.Services.GetRequiredService<SalesBrainDatabase>().ReadPlatform(), app.Services.GetRequiredService<SecretBox>());

        var token = await DemoLinks.FindTokenAsync(session, secrets, "acme", DateTime.UtcNow, CancellationToken.None);
        using var opened = await app.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"{OnboardingWorld.Root}/o/{token}"));

        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        var other = new SecretBox(new DataKeys { Keys = [new DataKey { Id = "other", Secret = Convert.ToBase64String(new byte[32]) }] });
        Assert.Null(await DemoLinks.FindTokenAsync(session, other, "acme", DateTime.UtcNow, CancellationToken.None));
        Assert.Null(await DemoLinks.FindTokenAsync(session, secrets, "acme", DateTime.UtcNow.AddYears(2), CancellationToken.None));
    }

    [Fact]
    public async Task Filling_again_changes_nothing()
    {
        var before = await FingerprintAsync();

        await app.FillAsync(Tokens);

        Assert.Equal(before, await FingerprintAsync());
    }

    [Fact]
    public async Task Endpoint_answers_to_the_tokens_of_this_checkout_and_stays_deleted()
    {
        await using var own = await Filled.CreateAsync();
        Assert.Equal(
            Tokens.Values.Select(Hash).Order(),
            await own.QueryAsync<string>("select encode(token_hash, 'hex') from app.webhook_endpoint order by 1"));
        await own.ExecuteAsync("""
            update app.webhook_endpoint set token_hash = sha256(id::text::bytea), previous_token_hash = token_hash, previous_token_expires_at = now() + interval '1 day';
            update app.webhook_endpoint e set deleted_at = now() from app.organization o where o.id = e.organization_id and o.slug = 'globex'
            """);

        await own.FillAsync(Tokens);

        var endpoint = await own.QuerySingleJsonAsync("""
            select encode(token_hash, 'hex') as token_hash, version
            from app.webhook_endpoint where deleted_at is null and previous_token_hash is null
            """);
        // The change by hand above raised the version as well.
        endpoint.AssertIncludes(new { TokenHash = Hash(Tokens["acme"]), Version = 3 });
        Assert.Equal(1, await own.QuerySingleAsync<int>("select count(*)::int from app.webhook_endpoint where deleted_at is not null"));
    }

    [Fact]
    public async Task Hosts_that_fill_at_once_fill_once()
    {
        await using var empty = new Filling();
        await empty.InitializeAsync();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => empty.FillAsync(Tokens)));

        Assert.Equal(2, await empty.QuerySingleAsync<int>("select count(*)::int from app.organization"));
    }

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private async Task<string> FingerprintAsync() => string.Join('\n', await app.QueryAsync<string>("""
        select table_name || ' ' || (xpath('//v/text()', query_to_xml(format('select md5(string_agg(t::text, '''' order by t::text)) as v from app.%I t', table_name), false, true, '')))[1]::text
        from information_schema.tables where table_schema = 'app' and table_type = 'BASE TABLE' order by 1
        """));

    public class Filling : TestApp
    {
        internal Task FillAsync(IReadOnlyDictionary<string, string> tokens) => new DemoFilling(
            Services.GetRequiredService<SalesBrainDatabase>(), Services.GetRequiredService<Passwords>(),
            Services.GetRequiredService<SecretBox>(), Services.GetRequiredService<WebhookStorage>())
            .FillAsync(tokens, DateTime.UtcNow, CancellationToken.None);
    }

    public sealed class Filled : Filling, IAsyncLifetime
    {
        internal static async Task<Filled> CreateAsync()
        {
            var app = new Filled();
            await ((IAsyncLifetime)app).InitializeAsync();
            return app;
        }

        async ValueTask IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            await FillAsync(Tokens);
            foreach (var organization in await QueryAsync<Guid>("select id from app.organization"))
            {
                await this.UntilProcessedAsync(organization);
            }
        }
    }
}
