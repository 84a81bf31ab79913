using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Webhooks.Endpoints;

public sealed class ListWebhookEndpointsTests(TestApp app)
{
    [Fact]
    public async Task Organization_sees_its_own_newest_first_with_when_each_received_last()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        var first = await app.CreateEndpointAsync(owner.OrganizationId!.Value, name: "First");
        var second = await app.CreateEndpointAsync(owner.OrganizationId!.Value, name: "Second", mode: "header");
        await app.CreateEndpointAsync(await app.CreateOrganizationAsync());
        using var delivery = await app.DeliverAsync(first, EndpointWorld.SomeEvent());
        var log = (await delivery.DataAsync()).GetProperty("id").GetGuid();

        var data = await ListAsync(client, "");

        Assert.Equal([second.Id, first.Id], IdsOf(data));
        Assert.Equal(2, data.GetProperty("total").GetInt32());
        Assert.False(data.GetProperty("has_more").GetBoolean());
        var rows = data.GetProperty("endpoints");
        Assert.Equal(JsonValueKind.Null, rows[0].GetProperty("last_received_at").ValueKind);
        Assert.Equal(
            await app.QuerySingleAsync<DateTime>("select created_at from app.webhook_log where id = @log", new { log }),
            rows[1].GetProperty("last_received_at").GetDateTime());
        foreach (var row in rows.EnumerateArray())
        {
            Assert.False(row.TryGetProperty("token", out _) || row.TryGetProperty("secret", out _) || row.TryGetProperty("url", out _));
        }
    }

    [Fact]
    public async Task Filters_narrow_it()
    {
        var organization = await app.CreateOrganizationAsync();
        using var client = app.As(await app.CreateUserAsync("sb_operator"));
        var make = await app.CreateEndpointAsync(organization, source: "make");
        var zapier = await app.CreateEndpointAsync(organization, source: "zapier");
        await app.ExecuteAsync("update app.webhook_endpoint set status = 'disabled' where id = @Id", new { zapier.Id });

        Assert.Equal([zapier.Id, make.Id], IdsOf(await ListAsync(client, $"?organization_id={organization}")));
        Assert.Equal([make.Id], IdsOf(await ListAsync(client, $"?organization_id={organization}&source=make")));
        Assert.Equal([zapier.Id], IdsOf(await ListAsync(client, $"?organizationId={organization}&status=disabled")));
        Assert.Empty(IdsOf(await ListAsync(client, $"?organization_id={Guid.NewGuid()}")));
    }

    [Fact]
    public async Task Filter_by_another_organization_returns_nothing()
    {
        var organization = await app.CreateOrganizationAsync();
        await app.CreateEndpointAsync(organization);
        using var client = app.As(await app.CreateUserAsync("owner"));

        var data = await ListAsync(client, $"?organization_id={organization}");

        Assert.Empty(IdsOf(data));
        Assert.Equal(0, data.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Pages_by_cursor_and_by_offset_are_the_same()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        var made = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            made.Insert(0, (await app.CreateEndpointAsync(owner.OrganizationId!.Value)).Id);
        }

        var byCursor = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await ListAsync(client, $"?limit=2{(cursor is null ? "" : "&cursor=" + cursor)}");
            byCursor.AddRange(IdsOf(page));
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
        Assert.Equal(made, byCursor);
        Assert.Equal(made[2..4], IdsOf(await ListAsync(client, "?limit=2&offset=2")));
    }

    [Theory]
    [InlineData("?source=manual", "source")]
    [InlineData("?status=deleted", "status")]
    [InlineData("?organization_id=1", "organization_id")]
    [InlineData("?cursor=nonsense", "cursor")]
    [InlineData("?token=abcd", "token")]
    public async Task Bad_filters_are_refused(string query, string member)
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        using var response = await client.GetAsync(EndpointWorld.Endpoints + query);

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal(member, problem.Members());
    }

    private static async Task<JsonElement> ListAsync(HttpClient client, string query)
    {
        using var response = await client.GetAsync(EndpointWorld.Endpoints + query);
        return await response.DataAsync();
    }

    private static IEnumerable<Guid> IdsOf(JsonElement data) =>
        data.GetProperty("endpoints").EnumerateArray().Select(row => row.GetProperty("id").GetGuid());
}
