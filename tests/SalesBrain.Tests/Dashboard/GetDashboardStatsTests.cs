using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Stats;

namespace SalesBrain.Tests.Dashboard;

public sealed class GetDashboardStatsTests(StatsApp app) : IClassFixture<StatsApp>
{
    private const string Path = "/api/admin/dashboard/stats";

    [Fact]
    public async Task Organization_is_counted()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        await CreateWorldAsync(organization);

        var unfolded = await GetAsync(owner);
        while (await app.FoldTalliesAsync() > 0)
        {
            // Until nothing is left.
        }
        var folded = await GetAsync(owner);

        foreach (var stats in new[] { unfolded, folded })
        {
            Assert.Equal(1, Number(stats, "organizations"));
            Assert.Equal(3, Number(stats, "users"));
            Assert.Equal("""{"draft":1,"active":2,"paused":0,"completed":0,"archived":0,"total":3}""", Text(stats, "campaigns"));
            Assert.Equal(4, Number(stats, "contacts"));
            Assert.Equal(
                """{"new":1,"contacted":2,"responded":1,"qualified":0,"converted":0,"rejected":0,"total":4}""", Text(stats, "leads"));
            Assert.Equal(
                """{"today":5,"last_seven_days":7,"pending_now":2,"failed_now":3,"dead_now":1,"oldest_pending_at":"2026-03-04T00:00:00Z"}""",
                Text(stats, "webhooks"));
            Assert.Equal(0.5, stats.GetProperty("reply_rate").GetDouble());
            Assert.Equal(0.25, stats.GetProperty("interest_rate").GetDouble());
        }
    }

    [Fact]
    public async Task Changes_show_at_once()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        await CreateWorldAsync(organization);
        await app.FoldTalliesAsync();
        await app.ExecuteAsync("""
            update app.lead set status = 'converted' where organization_id = @organization and status = 'contacted';
            update app.lead set deleted_at = now() where organization_id = @organization and status = 'new';
            delete from app.lead where organization_id = @organization and status = 'responded';
            delete from app.contact c
            where c.organization_id = @organization and not exists (select from app.lead l where l.organization_id = c.organization_id and l.contact_id = c.id);
            update app.webhook_log set status = 'ignored', due_at = null where organization_id = @organization and status in ('pending', 'failed');
            """, new { organization });

        var stats = await GetAsync(owner);

        Assert.Equal("""{"new":0,"contacted":0,"responded":0,"qualified":0,"converted":2,"rejected":0,"total":2}""", Text(stats, "leads"));
        Assert.Equal(3, Number(stats, "contacts"));
        Assert.Equal(
            """{"today":5,"last_seven_days":7,"pending_now":0,"failed_now":0,"dead_now":1,"oldest_pending_at":null}""",
            Text(stats, "webhooks"));
    }

    [Fact]
    public async Task Empty_organization_has_zeros_and_no_rates()
    {
        var stats = await GetAsync(await app.CreateUserAsync("read_only"));

        Assert.Equal(1, Number(stats, "organizations"));
        Assert.Equal(1, Number(stats, "users"));
        Assert.Equal(0, stats.GetProperty("leads").GetProperty("total").GetInt64());
        Assert.Equal(
            """{"today":0,"last_seven_days":0,"pending_now":0,"failed_now":0,"dead_now":0,"oldest_pending_at":null}""",
            Text(stats, "webhooks"));
        Assert.Equal(JsonValueKind.Null, stats.GetProperty("reply_rate").ValueKind);
        Assert.Equal(JsonValueKind.Null, stats.GetProperty("interest_rate").ValueKind);
    }

    [Fact]
    public async Task Platform_sees_all_or_one_and_an_organization_only_itself()
    {
        var one = await app.CreateUserAsync("admin");
        var other = await app.CreateUserAsync("member");
        var platform = await app.CreateUserAsync("sb_operator");
        await CreateWorldAsync(one.OrganizationId!.Value);

        var all = await GetAsync(platform);
        Assert.Equal(await CountAsync("app.organization"), Number(all, "organizations"));
        Assert.Equal(await CountAsync("app.user where organization_id is not null and status <> 'disabled'"), Number(all, "users"));
        Assert.Equal(await CountAsync("app.contact"), Number(all, "contacts"));
        Assert.Equal(await CountAsync("app.lead where deleted_at is null"), all.GetProperty("leads").GetProperty("total").GetInt64());
        Assert.Equal(
            await CountAsync("app.webhook_log where status = 'failed'"), all.GetProperty("webhooks").GetProperty("failed_now").GetInt64());

        Assert.Equal((await GetAsync(one)).GetRawText(), (await GetAsync(platform, $"organization_id={one.OrganizationId}")).GetRawText());
        Assert.Equal((await GetAsync(one)).GetRawText(), (await GetAsync(one, $"organization_id={one.OrganizationId}")).GetRawText());
        foreach (var nothing in new[] { await GetAsync(one, $"organization_id={other.OrganizationId}"), await GetAsync(platform, $"organization_id={Guid.NewGuid()}") })
        {
            Assert.Equal(0, Number(nothing, "organizations"));
            Assert.Equal(0, Number(nothing, "users"));
            Assert.Equal(0, Number(nothing, "contacts"));
        }
        Assert.Equal(0, Number(await GetAsync(other), "contacts"));
    }

    [Theory]
    [InlineData("organization_id=acme", "organization_id")]
    [InlineData("days=7", "days")]
    public async Task Bad_input_is_refused(string query, string parameter)
    {
        using var response = await app.As(await app.CreateUserAsync("sb_admin")).GetAsync($"{Path}?{query}");

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty(parameter, out _));
    }

    [Fact]
    public async Task Roles_below_the_organization_are_refused()
    {
        using var response = await app.As(await app.CreateUserAsync("client_user")).GetAsync(Path);

        await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    /// <summary>Beside the owner two users who count; campaigns, contacts, leads and logs of several kinds.</summary>
    private async Task CreateWorldAsync(Guid organization)
    {
        await app.CreateUserAsync("member", organization);
        await app.CreateUserAsync("agency_staff", organization, status: "invited");
        await app.CreateUserAsync("member", organization, status: "disabled");
        var campaign = await app.CreateCampaignAsync(organization);
        await app.CreateCampaignAsync(organization);
        await app.ExecuteAsync("""
            insert into app.campaign (organization_id, name, deleted_at) values (@organization, 'Draft', null), (@organization, 'Deleted', now())
            """, new { organization });
        foreach (var status in new[] { "new", "contacted", "responded" })
        {
            await app.CreateLeadAsync(organization, await app.CreateContactAsync(organization), campaign, status);
        }
        // A deleted campaign's leads are still there.
        var deleted = await app.CreateCampaignAsync(organization);
        var interested = await app.CreateLeadAsync(organization, await app.CreateContactAsync(organization), deleted, "contacted");
        await app.ExecuteAsync("""
            update app.lead set sent_count = 4, replied_count = (status = 'responded')::int where organization_id = @organization;
            update app.lead set replied_count = 1, interested_count = 2 where id = @interested;
            update app.campaign set deleted_at = now() where id = @deleted;
            """, new { organization, interested, deleted });
        await app.CreateLogsAsync(organization, "2026-03-03T23:59:59Z", "failed", count: 2);
        await app.CreateLogsAsync(organization, "2026-03-04T00:00:00Z", "pending");
        await app.CreateLogsAsync(organization, "2026-03-09T23:59:59Z", "dead");
        await app.CreateLogsAsync(organization, "2026-03-10T00:00:00Z", count: 3);
        await app.CreateLogsAsync(organization, "2026-03-10T10:00:00Z", "failed");
        await app.CreateLogsAsync(organization, "2026-03-10T10:20:00Z", "pending");
    }

    private async Task<JsonElement> GetAsync(TestUser user, string query = "") =>
        await (await app.As(user).GetAsync($"{Path}?{query}")).DataAsync();

    private Task<long> CountAsync(string rows) => app.QuerySingleAsync<long>($"select count(*) from {rows}");

    private static long Number(JsonElement stats, string name) => stats.GetProperty(name).GetInt64();

    private static string Text(JsonElement stats, string name) => stats.GetProperty(name).GetRawText();
}
