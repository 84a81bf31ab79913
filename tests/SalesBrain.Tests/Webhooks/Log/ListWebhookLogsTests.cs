using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Log;

public sealed class ListWebhookLogsTests(TestApp app) : IClassFixture<TestApp>
{
    private const string Path = "/api/admin/webhooks/logs";
    private static readonly DateTimeOffset Noon = new(2026, 3, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Row_tells_everything_the_page_shows()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var due = Noon.UtcDateTime.AddMinutes(5);
        var id = await app.CreateWebhookLogAsync(
            organization, "failed", "email.replied", "n8n", contactEmail: "Ann@Example.com", campaignName: "Q3",
            errorCode: "processing_failed", errorMessage: "It failed.", createdAt: Noon, dueAt: due, retryCount: 1);

        var data = await (await app.As(owner).GetAsync(Path)).DataAsync();

        data.AssertIncludes(new { Total = 1, TotalIsExact = true, Limit = 100, Offset = 0, HasMore = false, NextCursor = (string?)null });
        var row = Assert.Single(data.GetProperty("logs").EnumerateArray());
        Assert.Equal(
            ["id", "organization_id", "endpoint_id", "event_source", "event_type", "raw_event_type", "campaign_id", "campaign_external_id",
                "campaign_name", "contact_id", "contact_email", "status", "error_code", "error_message", "retry_count", "next_retry_at",
                "last_retry_at", "occurred_at", "created_at", "processed_at", "processing_ms", "delivery_count", "last_delivered_at",
                "id_reused"],
            row.EnumerateObject().Select(member => member.Name));
        Assert.Equal(id, row.GetProperty("id").GetGuid());
        Assert.Equal(organization, row.GetProperty("organization_id").GetGuid());
        Assert.Equal("Ann@Example.com", row.GetProperty("contact_email").GetString());
        Assert.Equal("Q3", row.GetProperty("campaign_name").GetString());
        Assert.Equal("email_replied", row.GetProperty("raw_event_type").GetString());
        Assert.Equal("2026-03-15T12:05:00Z", row.GetProperty("next_retry_at").GetString());
        Assert.Equal("2026-03-15T12:00:00Z", row.GetProperty("created_at").GetString());
        Assert.Equal(1, row.GetProperty("retry_count").GetInt32());
        Assert.Equal(1, row.GetProperty("delivery_count").GetInt32());
    }

    [Fact]
    public async Task Only_failed_webhooks_have_a_next_retry()
    {
        var owner = await app.CreateUserAsync("owner");
        foreach (var status in new[] { "pending", "processed", "ignored", "dead" })
        {
            await app.CreateWebhookLogAsync(owner.OrganizationId!.Value, status);
        }

        var data = await (await app.As(owner).GetAsync(Path)).DataAsync();

        Assert.Equal(4, data.GetProperty("total").GetInt32());
        Assert.All(
            data.GetProperty("logs").EnumerateArray(), row => Assert.Equal(JsonValueKind.Null, row.GetProperty("next_retry_at").ValueKind));
    }

    [Fact]
    public async Task Newest_come_first_over_months_and_equal_times()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var ids = new List<Guid>();
        foreach (var time in new[] { Noon.AddMonths(-2), Noon.AddDays(-40), Noon, Noon, Noon, Noon.AddMilliseconds(1) })
        {
            ids.Add(await app.CreateWebhookLogAsync(organization, createdAt: time));
        }

        Assert.Equal(ids.OrderByDescending(id => id.ToString(), StringComparer.Ordinal), await app.LogIdsAsync(owner));
    }

    [Fact]
    public async Task Campaign_is_shown_by_its_name_now()
    {
        var owner = await app.CreateUserAsync("owner");
        var campaign = await app.CreateCampaignAsync(owner.OrganizationId!.Value, "Renamed since");
        await app.CreateWebhookLogAsync(owner.OrganizationId.Value, campaignId: campaign, campaignName: "As it was");

        var data = await (await app.As(owner).GetAsync(Path)).DataAsync();

        Assert.Equal("Renamed since", data.GetProperty("logs")[0].GetProperty("campaign_name").GetString());
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("admin")]
    [InlineData("member")]
    [InlineData("read_only")]
    public async Task Roles_of_an_organization_see_their_own_and_nothing_of_others(string role)
    {
        var user = await app.CreateUserAsync(role);
        var own = await app.CreateWebhookLogAsync(user.OrganizationId!.Value);
        var other = await app.CreateOrganizationAsync();
        await app.CreateWebhookLogAsync(other, contactEmail: "hidden@example.com");

        Assert.Equal([own], await app.LogIdsAsync(user));
        Assert.Equal([own], await app.LogIdsAsync(user, $"organization_id={user.OrganizationId}"));
        Assert.Empty(await app.LogIdsAsync(user, $"organization_id={other}"));
        Assert.Empty(await app.LogIdsAsync(user, "search=hidden"));
        Assert.Empty(await app.LogIdsAsync(user, "contact_email=hidden@example.com"));
    }

    [Theory]
    [InlineData("agency_admin")]
    [InlineData("client_admin")]
    [InlineData("client_user")]
    public async Task Roles_below_an_organization_are_refused(string role)
    {
        using var response = await app.As(await app.CreateUserAsync(role)).GetAsync(Path);

        await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Without_a_token_it_is_401()
    {
        using var response = await app.Http.GetAsync(Path);

        await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Theory]
    [InlineData("sb_admin")]
    [InlineData("sb_operator")]
    public async Task Platform_operators_see_every_organization_and_each_by_itself(string role)
    {
        var user = await app.CreateUserAsync(role);
        var (one, two) = (await app.CreateOrganizationAsync(), await app.CreateOrganizationAsync());
        // A type of its own keeps the other tests' logs out.
        var type = "test." + Guid.NewGuid().ToString("N");
        var first = await app.CreateWebhookLogAsync(one, "ignored", type, createdAt: Noon);
        var second = await app.CreateWebhookLogAsync(two, "failed", type, createdAt: Noon.AddSeconds(1));
        var third = await app.CreateWebhookLogAsync(one, "dead", type, createdAt: Noon.AddSeconds(2));

        Assert.Equal([third, second, first], await app.LogIdsAsync(user, $"event_type={type}"));
        Assert.Equal([third, first], await app.LogIdsAsync(user, $"event_type={type}&organization_id={one}"));
        Assert.Equal([third, second], await app.LogIdsAsync(user, $"event_type={type}&status=failed&status=dead"));
        Assert.Equal([third, second], await app.LogIdsAsync(user, $"search={type}&status=failed,dead"));
        Assert.Equal(
            third, (await app.LogIdsAsync(user, $"date_from=2026-03-15T12:00:02Z&date_to=2026-03-16&organization_id={one}")).Single());
        Assert.Contains(third, await app.LogIdsAsync(user, "limit=500&status=processed,dead"));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("offset=-1", "offset")]
    [InlineData("offset=9901", "offset")]
    [InlineData("offset=9951&limit=50", "offset")]
    [InlineData("cursor=nonsense", "cursor")]
    [InlineData("status=done", "status")]
    [InlineData("event_source=carrier_pigeon", "event_source")]
    [InlineData("campaign_id=7", "campaign_id")]
    [InlineData("organization_id=x", "organization_id")]
    [InlineData("search=a", "search")]
    [InlineData("search=%20a%20", "search")]
    [InlineData("date_from=yesterday", "date_from")]
    [InlineData("date_from=2026-02-01&date_to=2026-01-01", "date_to")]
    [InlineData("eventTypo=email.sent", "eventTypo")]
    public async Task Bad_input_is_422_and_names_the_parameter(string query, string member)
    {
        using var response = await app.As(await app.CreateUserAsync("owner")).GetAsync($"{Path}?{query}");

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal(member, problem.Members());
    }

    [Fact]
    public async Task Offset_too_deep_is_told_to_take_the_cursor()
    {
        using var response = await app.As(await app.CreateUserAsync("owner")).GetAsync(Path + "?offset=10000");

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Contains("cursor", problem.GetProperty("errors").GetProperty("offset")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Camel_case_is_understood_and_answered()
    {
        var owner = await app.CreateUserAsync("owner");
        var id = await app.CreateWebhookLogAsync(owner.OrganizationId!.Value, eventType: "email.opened", contactEmail: "ann@example.com");
        await app.CreateWebhookLogAsync(owner.OrganizationId.Value);
        var client = app.As(owner);
        client.DefaultRequestHeaders.Add("Accept", "application/json; case=camel");

        var data = await (await client.GetAsync(Path + "?eventType=email.opened&contactEmail=ann@example.com&dateFrom=2026-01-01")).DataAsync();

        Assert.Equal(id, Assert.Single(data.GetProperty("logs").EnumerateArray()).GetProperty("id").GetGuid());
        Assert.True(data.TryGetProperty("nextCursor", out _));
        Assert.True(data.GetProperty("logs")[0].TryGetProperty("rawEventType", out _));
    }
}
