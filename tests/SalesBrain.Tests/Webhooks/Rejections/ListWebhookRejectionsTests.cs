using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Rejections;

public sealed class ListWebhookRejectionsTests(TestApp app)
{
    [Fact]
    public async Task Refused_delivery_is_listed_without_its_body()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        var endpoint = await app.CreateEndpointAsync(owner.OrganizationId!.Value, mode: "header");
        var id = await app.RefuseAsync(endpoint, EndpointWorld.SomeEvent());

        var row = (await ListAsync(client, "")).GetProperty("rejections").EnumerateArray().Single();

        row.AssertIncludes(new
        {
            id,
            endpoint_id = endpoint.Id,
            cause = "bad_secret",
            diagnosis = "header X-Test is missing",
            event_source = "custom",
            remote_ip = "127.0.0.1",
            body_size = EndpointWorld.SomeEvent().Length,
            kept_size = EndpointWorld.SomeEvent().Length,
            readmitted_at = (DateTime?)null,
        });
        Assert.False(
            row.TryGetProperty("body_text", out _) || row.TryGetProperty("body_base64", out _) || row.TryGetProperty("headers", out _));
    }

    [Fact]
    public async Task Filters_narrow_it()
    {
        var organization = await app.CreateOrganizationAsync();
        using var client = app.As(await app.CreateUserAsync("sb_operator"));
        var (first, second) = (await app.CreateEndpointAsync(organization), await app.CreateEndpointAsync(organization));
        var old = await app.CreateRejectionAsync(first, createdAt: new DateTime(2026, 1, 15, 0, 0, 0, DateTimeKind.Utc));
        var signature = await app.CreateRejectionAsync(first, cause: "bad_signature");
        var done = await app.CreateRejectionAsync(second, readmitted: true);
        await app.CreateRejectionAsync(await app.CreateEndpointAsync(await app.CreateOrganizationAsync()));

        async Task AssertFoundAsync(string query, params Guid[] ids) =>
            Assert.Equal(ids, IdsOf(await ListAsync(client, $"?organization_id={organization}{query}")));
        await AssertFoundAsync("", done, signature, old);
        await AssertFoundAsync($"&endpoint_id={first.Id}", signature, old);
        await AssertFoundAsync("&cause=bad_signature", signature);
        await AssertFoundAsync("&cause=bad_signature&cause=bad_secret", done, signature, old);
        await AssertFoundAsync("&readmitted=true", done);
        await AssertFoundAsync("&readmitted=false", signature, old);
        await AssertFoundAsync("&date_from=2026-01-15&date_to=2026-01-16", old);
        await AssertFoundAsync("&date_to=2026-01-15");
        await AssertFoundAsync("&date_from=2026-01-15T00:00:01Z", done, signature);
    }

    [Fact]
    public async Task Pages_by_cursor_and_by_offset_are_the_same()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        var endpoint = await app.CreateEndpointAsync(owner.OrganizationId!.Value);
        for (var i = 0; i < 5; i++)
        {
            // Three of them at one instant: the id breaks the tie.
            await app.CreateRejectionAsync(endpoint, createdAt: new DateTime(2026, 1, 15, 0, 0, i / 3, DateTimeKind.Utc));
        }
        var made = (await app.QueryAsync<Guid>(
            "select id from app.webhook_rejection where endpoint_id = @Id order by created_at desc, id desc", endpoint)).ToList();

        var byCursor = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await ListAsync(client, $"?limit=2{(cursor is null ? "" : "&cursor=" + cursor)}");
            Assert.Equal(5, page.GetProperty("total").GetInt32());
            byCursor.AddRange(IdsOf(page));
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
        Assert.Equal(made, byCursor);
        Assert.Equal(made[2..4], IdsOf(await ListAsync(client, "?limit=2&offset=2")));
    }

    [Fact]
    public async Task Filter_by_another_organization_returns_nothing()
    {
        var endpoint = await app.CreateEndpointAsync(await app.CreateOrganizationAsync());
        await app.CreateRejectionAsync(endpoint);
        using var client = app.As(await app.CreateUserAsync("owner"));

        Assert.Empty(IdsOf(await ListAsync(client, $"?organization_id={endpoint.OrganizationId}")));
        Assert.Empty(IdsOf(await ListAsync(client, $"?endpoint_id={endpoint.Id}")));
    }

    [Theory]
    [InlineData("?cause=bad", "cause")]
    [InlineData("?cause=bad_secret&cause=bad", "cause")]
    [InlineData("?endpoint_id=1", "endpoint_id")]
    [InlineData("?date_from=yesterday", "date_from")]
    [InlineData("?date_from=2026-01-16&date_to=2026-01-15", "date_to")]
    [InlineData("?readmitted=perhaps", "readmitted")]
    [InlineData("?cursor=nonsense", "cursor")]
    public async Task Bad_filters_are_refused(string query, string member)
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        using var response = await client.GetAsync(Refusals.Rejections + query);

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal(member, problem.Members());
    }

    private static async Task<JsonElement> ListAsync(HttpClient client, string query)
    {
        using var response = await client.GetAsync(Refusals.Rejections + query);
        return await response.DataAsync();
    }

    private static IEnumerable<Guid> IdsOf(JsonElement data) =>
        data.GetProperty("rejections").EnumerateArray().Select(row => row.GetProperty("id").GetGuid());
}
