using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Rejections;

/// <summary>Evidence is bounded by endpoint and hour, also under a flood.</summary>
[Collection(ClockedApp.Collection)]
public sealed class RejectionFloodTests(ClockedApp app)
{
    private const int Flood = 130;

    [Fact]
    public async Task Hundred_rejections_of_an_hour_are_kept_twenty_with_bodies_and_the_rest_is_counted()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        var endpoint = await app.CreateEndpointAsync(owner.OrganizationId!.Value, mode: "header");

        await FloodAsync(endpoint, Flood, HttpStatusCode.Unauthorized);
        await FloodAsync(endpoint, 3, HttpStatusCode.Unauthorized);

        await AssertKeptAsync(endpoint, rows: 101, bodies: 20, deliveries: 133);
        var summary = Assert.Single(await ListAsync(client), row => row.GetProperty("is_summary").GetBoolean());
        summary.AssertIncludes(new { delivery_count = 33, kept_size = 0, cause = "bad_secret" });
        Assert.Equal(app.Now, summary.GetProperty("last_delivered_at").GetDateTime(), TimeSpan.FromMilliseconds(1));
        var id = summary.GetProperty("id").GetGuid();
        var detail = await (await client.GetAsync($"{Refusals.Rejections}/{id}")).DataAsync();
        detail.AssertIncludes(new { is_summary = true, delivery_count = 33 });
        using var readmitted = await client.PostAsync($"{Refusals.Rejections}/{id}/readmit", null);
        var problem = await readmitted.ProblemAsync(HttpStatusCode.Conflict, "rejection_not_readmissible");
        Assert.Equal("The rejection only counts deliveries. Their bodies are not stored.", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Limits_are_those_of_an_endpoint_and_an_hour()
    {
        var organization = await app.CreateOrganizationAsync();
        var (first, second) = (await app.CreateEndpointAsync(organization, mode: "header"), await app.CreateEndpointAsync(organization, mode: "header"));

        await FloodAsync(first, 105, HttpStatusCode.Unauthorized);
        await FloodAsync(second, 21, HttpStatusCode.Unauthorized);
        app.Time.Advance(TimeSpan.FromHours(1));
        await FloodAsync(first, 1, HttpStatusCode.Unauthorized);

        await AssertKeptAsync(first, rows: 102, bodies: 21, deliveries: 106);
        await AssertKeptAsync(second, rows: 21, bodies: 20, deliveries: 21);
    }

    [Fact]
    public async Task Disabled_endpoint_keeps_no_more()
    {
        var endpoint = await app.CreateEndpointAsync(await app.CreateOrganizationAsync());
        await app.ExecuteAsync("update app.webhook_endpoint set status = 'disabled' where id = @Id", new { endpoint.Id });

        await FloodAsync(endpoint, 110, HttpStatusCode.Forbidden);

        await AssertKeptAsync(endpoint, rows: 101, bodies: 20, deliveries: 110);
    }

    [Fact]
    public async Task Body_of_a_rejection_beyond_the_first_twenty_is_not_readmissible()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        var endpoint = await app.CreateEndpointAsync(owner.OrganizationId!.Value, mode: "header");
        await FloodAsync(endpoint, 21, HttpStatusCode.Unauthorized);
        var id = await app.QuerySingleAsync<Guid>(
            "select id from app.webhook_rejection where endpoint_id = @Id and octet_length(body) = 0", new { endpoint.Id });

        using var response = await client.PostAsync($"{Refusals.Rejections}/{id}/readmit", null);

        var problem = await response.ProblemAsync(HttpStatusCode.Conflict, "rejection_not_readmissible");
        Assert.StartsWith("Only the first 0 of the body's", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private async Task FloodAsync(TestEndpoint endpoint, int count, HttpStatusCode status)
    {
        var responses = await Task.WhenAll(Enumerable.Range(0, count).Select(i =>
            app.Http.PostTextAsync($"/api/webhooks/{endpoint.Source}/{endpoint.Token}", EndpointWorld.SomeEvent(i % 60))));
        Assert.All(responses, response => Assert.Equal(status, response.StatusCode));
    }

    /// <summary>Asserts how many rows there are, how many have a body, and how many deliveries they stand for.</summary>
    private async Task AssertKeptAsync(TestEndpoint endpoint, int rows, int bodies, int deliveries) =>
        (await app.QuerySingleJsonAsync("""
            select count(*) as rows, count(*) filter (where octet_length(body) > 0) as bodies, sum(delivery_count) as deliveries
            from app.webhook_rejection where endpoint_id = @Id
            """, new { endpoint.Id })).AssertIncludes(new { rows, bodies, deliveries });

    private static async Task<IReadOnlyList<JsonElement>> ListAsync(HttpClient client)
    {
        using var response = await client.GetAsync(Refusals.Rejections + "?limit=500");
        return [.. (await response.DataAsync()).GetProperty("rejections").EnumerateArray()];
    }
}
