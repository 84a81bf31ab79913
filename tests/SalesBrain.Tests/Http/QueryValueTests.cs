using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Http;

/// <summary>A parameter without a value never means "all" or "do it".</summary>
[Collection(SerialApp.Collection)]
public sealed class QueryValueTests(SerialApp app)
{
    [Theory]
    [InlineData("P35-lists-in-a-query-string-as-axios-writes-them")]
    [InlineData("P38-empty-values-on-calls-that-delete")]
    public async Task Public_case_is_answered_as_expected(string name)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "Fixtures", "public-cases", name + ".json");
        using var fixture = JsonDocument.Parse(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
        foreach (var step in fixture.RootElement.GetProperty("input").GetProperty("steps").EnumerateArray())
        {
            var client = app.As(await app.CreateUserAsync(step.TryGetProperty("as", out _) ? "sb_admin" : "owner"));

            using var response = await client.SendAsync(
                HttpMethod.Parse(step.GetProperty("method").GetString()), step.GetProperty("path").GetString()!);

            var expected = step.TryGetProperty("status", out var statuses)
                ? [.. statuses.EnumerateArray().Select(status => status.GetInt32())]
                : new[] { 200 };
            Assert.Contains((int)response.StatusCode, expected);
        }
    }

    [Theory]
    [InlineData("POST", "/api/admin/webhooks/logs/bulk-retry")]
    [InlineData("POST", "/api/admin/contacts/auto-assign")]
    [InlineData("DELETE", "/api/v1/users/00000000-0000-0000-0000-000000000001")]
    [InlineData("PUT", "/api/v1/users/00000000-0000-0000-0000-000000000001")]
    public async Task Change_that_reads_no_query_parameters_refuses_them(string method, string path)
    {
        var client = app.As(await app.CreateUserAsync("owner"));

        using var response = await client.SendAsync(HttpMethod.Parse(method), path + "?dry_run=true");

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        problem.GetProperty("errors").AssertIncludes("""{"dry_run": ["is not a known parameter"]}""");
    }

    [Theory]
    [InlineData("DELETE", "/api/admin/webhooks/logs/cleanup", "dry_run")]
    [InlineData("DELETE", "/api/admin/webhooks/logs/cleanup", "dryRun")]
    [InlineData("DELETE", "/api/admin/webhooks/logs/cleanup", "days")]
    [InlineData("DELETE", "/api/admin/webhooks/logs/cleanup", "status")]
    [InlineData("DELETE", "/api/admin/webhooks/logs/cleanup", "organization_id")]
    [InlineData("GET", "/api/admin/webhooks/logs", "organization_id")]
    [InlineData("GET", "/api/admin/webhooks/logs", "status")]
    [InlineData("GET", "/api/admin/webhooks/logs", "event_type")]
    [InlineData("GET", "/api/admin/webhooks/logs", "event_source")]
    [InlineData("GET", "/api/admin/webhooks/logs", "campaign_id")]
    [InlineData("GET", "/api/admin/webhooks/logs", "date_from")]
    [InlineData("GET", "/api/admin/webhooks/logs", "limit")]
    [InlineData("GET", "/api/admin/webhooks/logs/export", "format")]
    [InlineData("GET", "/api/admin/webhooks/logs/export", "bom")]
    [InlineData("GET", "/api/admin/webhooks/rejections", "cause")]
    [InlineData("GET", "/api/v1/users", "role")]
    [InlineData("GET", "/api/v1/users", "page")]
    [InlineData("GET", "/api/v1/users", "sort_by")]
    [InlineData("GET", "/api/v1/leads", "tags")]
    [InlineData("GET", "/api/v1/leads", "min_score")]
    public async Task Empty_value_that_is_not_a_text_is_422(string method, string path, string parameter)
    {
        var client = app.As(await app.CreateUserAsync("sb_admin"));
        foreach (var query in new[] { $"{parameter}=", parameter, $"{parameter}=&{parameter}=", $"{parameter}=,", $"{parameter}=%20" })
        {
            using var response = await client.SendAsync(HttpMethod.Parse(method), $"{path}?{query}");

            // A list of free texts may have a comma or a blank in it.
            if (response.StatusCode != HttpStatusCode.OK || parameter is not ("event_type" or "tags"))
            {
                await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
            }
        }
    }

    [Theory]
    [InlineData("/api/admin/webhooks/logs", "search=&contact_email=&cursor=")]
    [InlineData("/api/v1/users", "search=")]
    [InlineData("/api/v1/leads", "search=&practice_area=&assigned_to=")]
    public async Task Empty_text_is_as_if_it_was_not_sent(string path, string query)
    {
        using var response = await app.As(await app.CreateUserAsync("owner")).GetAsync($"{path}?{query}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Enumerations_are_repeated_or_separated_by_commas_and_free_texts_only_repeated()
    {
        var owner = await app.CreateUserAsync("owner");
        var client = app.As(owner);
        var dead = await app.CreateWebhookLogAsync(owner.OrganizationId!.Value, "dead");
        var failed = await app.CreateWebhookLogAsync(owner.OrganizationId.Value, "failed", eventType: "odd, name");
        await app.CreateWebhookLogAsync(owner.OrganizationId.Value, "ignored", eventType: "odd");

        Assert.Equal([failed, dead], await IdsAsync(client, "status=failed,dead"));
        Assert.Equal([failed, dead], await IdsAsync(client, "status=failed&status=dead"));
        Assert.Equal([failed, dead], await IdsAsync(client, "status=failed,%20dead"));
        Assert.Equal([failed], await IdsAsync(client, "event_type=odd,%20name"));
        Assert.Equal([dead], await IdsAsync(client, "event_type=email.sent,email.opened"));
        Assert.Equal([failed, dead], await IdsAsync(client, "event_type=odd,%20name&event_type=email.sent"));
        foreach (var query in new[] { "status=failed,,dead", "status=failed,", "status=failed&status=", "status[]=failed", "status%5B0%5D=failed", "statuses=failed" })
        {
            using var response = await client.GetAsync($"/api/admin/webhooks/logs?{query}");
            await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        }
    }

    private static async Task<IEnumerable<Guid>> IdsAsync(HttpClient client, string query)
    {
        using var response = await client.GetAsync($"/api/admin/webhooks/logs?{query}");
        return (await response.DataAsync()).GetProperty("logs").EnumerateArray().Select(log => log.GetProperty("id").GetGuid());
    }
}
