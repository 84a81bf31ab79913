using System.Net;
using System.Text;
using System.Text.Json;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Webhooks.Endpoints;

public sealed class UpdateWebhookEndpointTests(TestApp app)
{
    [Fact]
    public async Task Only_the_members_sent_change()
    {
        var (endpoint, owner) = await CreateAsync("header", expectEvery: "2h");

        var data = await PutAsync(owner, endpoint, """{"name": "Renamed"}""");

        data.AssertIncludes(new
        {
            name = "Renamed",
            auth_mode = "header",
            expect_every = "2h",
            status = "active",
            auth_settings = new { header = "X-Test" },
        });
        Assert.Null(data.SecretOf());
        Assert.Equal(2, await VersionAsync(endpoint));
        using var delivery = await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent());
        Assert.Equal(HttpStatusCode.OK, delivery.StatusCode);
        Assert.Equal("""{"after": {"name": "Renamed"}, "before": {"name": "Test endpoint"}}""", await LastChangesAsync(endpoint));
    }

    [Fact]
    public async Task Null_clears()
    {
        var (endpoint, owner) = await CreateAsync(expectEvery: "2h");

        var data = await PutAsync(owner, endpoint, """{"expectEvery": null}""");

        Assert.Equal(JsonValueKind.Null, data.GetProperty("expect_every").ValueKind);
    }

    [Fact]
    public async Task Unchanged_request_leaves_no_trace()
    {
        var (endpoint, owner) = await CreateAsync("header");

        await PutAsync(owner, endpoint, "{}");
        await PutAsync(
            owner, endpoint,
            """{"name": "Test endpoint", "auth_mode": "header", "auth_settings": {"header": "X-Test"}, "status": "active"}""");

        Assert.Equal(1, await VersionAsync(endpoint));
        Assert.Equal(1, await app.QuerySingleAsync<int>("select count(*) from app.audit_log where entity_id = @Id", new { endpoint.Id }));
    }

    [Fact]
    public async Task Another_mode_makes_a_secret_and_the_old_one_stops_at_once()
    {
        var (endpoint, owner) = await CreateAsync("header");
        using (var before = await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent()))
        {
            Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        }

        var data = await PutAsync(owner, endpoint, """{"auth_mode": "basic", "auth_settings": {"user": "sender"}}""");

        var changed = endpoint with { Mode = "basic", Secret = data.SecretOf() };
        Assert.NotEqual(endpoint.Secret, changed.Secret);
        using var withOld = await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent(1));
        await withOld.ProblemAsync(HttpStatusCode.Unauthorized, "webhook_unauthorized");
        using var withNew = await app.DeliverAsync(changed, EndpointWorld.SomeEvent(2));
        Assert.Equal(HttpStatusCode.OK, withNew.StatusCode);
    }

    [Fact]
    public async Task Another_mode_takes_a_chosen_secret()
    {
        var (endpoint, owner) = await CreateAsync();

        var data = await PutAsync(
            owner, endpoint, """{"auth_mode": "header", "auth_settings": {"header": "X-Test"}, "secret": "chosen by the customer"}""");

        Assert.Equal("chosen by the customer", data.SecretOf());
        using var delivery = await app.DeliverAsync(endpoint with { Mode = "header", Secret = data.SecretOf() }, EndpointWorld.SomeEvent());
        Assert.Equal(HttpStatusCode.OK, delivery.StatusCode);
    }

    [Fact]
    public async Task Mode_token_leaves_no_secret_behind()
    {
        var (endpoint, owner) = await CreateAsync("hmac");
        using var client = app.As(owner);
        using var rotated = await client.PostTextAsync(endpoint.Path + "/rotate", """{"what": "secret"}""");
        Assert.NotNull((await rotated.DataAsync()).SecretOf());

        var data = await PutAsync(owner, endpoint, """{"auth_mode": "token"}""");

        Assert.Null(data.SecretOf());
        Assert.Equal(JsonValueKind.Null, data.GetProperty("secret_last4").ValueKind);
        Assert.Equal(JsonValueKind.Null, data.GetProperty("auth_settings").GetProperty("header").ValueKind);
        Assert.Equal(0, await app.QuerySingleAsync<int>("""
            select num_nonnulls(secret_sealed, secret_last4, previous_secret_sealed, previous_secret_expires_at) from app.webhook_endpoint where id = @Id
            """, new { endpoint.Id }));
        using var delivery = await app.DeliverAsync(endpoint with { Mode = "token" }, EndpointWorld.SomeEvent());
        Assert.Equal(HttpStatusCode.OK, delivery.StatusCode);
    }

    [Fact]
    public async Task Settings_are_replaced_as_a_whole()
    {
        var (endpoint, owner) = await CreateAsync("hmac");
        await PutAsync(owner, endpoint, """{"auth_settings": {"header": "X-Test", "algorithm": "sha512", "prefix": "sha512="}}""");

        var data = await PutAsync(owner, endpoint, """{"auth_settings": {"header": "X-Test"}}""");

        Assert.Equal(JsonValueKind.Null, data.GetProperty("auth_settings").GetProperty("algorithm").ValueKind);
        using var delivery = await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent());
        Assert.Equal(HttpStatusCode.OK, delivery.StatusCode);
    }

    [Fact]
    public async Task Disabled_endpoint_refuses_at_once_and_takes_again_when_enabled()
    {
        var (endpoint, owner) = await CreateAsync();
        using (var before = await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent()))
        {
            Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        }

        await PutAsync(owner, endpoint, """{"status": "disabled"}""");
        using (var refused = await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent(1)))
        {
            await refused.ProblemAsync(HttpStatusCode.Forbidden, "webhook_endpoint_disabled");
        }

        await PutAsync(owner, endpoint, """{"status": "active"}""");
        using var taken = await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent(2));
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
    }

    [Theory]
    [InlineData("""{"name": null}""", "name")]
    [InlineData("""{"name": ""}""", "name")]
    [InlineData("""{"status": null}""", "status")]
    [InlineData("""{"status": "deleted"}""", "status")]
    [InlineData("""{"auth_mode": null}""", "auth_mode")]
    [InlineData("""{"auth_mode": "basic"}""", "auth_settings.user")]
    [InlineData("""{"auth_mode": "token", "secret": "has no meaning here"}""", "secret")]
    [InlineData("""{"auth_settings": null}""", "auth_settings.header")]
    [InlineData("""{"auth_settings": {"user": "sender"}}""", "auth_settings.header,auth_settings.user")]
    [InlineData("""{"secret": "without another mode"}""", "secret")]
    [InlineData("""{"expect_every": "59s"}""", "expect_every")]
    [InlineData("""{"source": "make"}""", "source")]
    [InlineData("""{"token": "mine"}""", "token")]
    public async Task Bad_input_is_refused_by_member_and_changes_nothing(string body, string members)
    {
        var (endpoint, owner) = await CreateAsync("header");
        using var client = app.As(owner);

        using var response = await client.PutAsync(endpoint.Path, new StringContent(body, Encoding.UTF8, "application/json"));

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal(members, problem.Members());
        Assert.Equal(1, await VersionAsync(endpoint));
    }

    [Fact]
    public async Task Parallel_changes_of_different_members_both_stay()
    {
        var (endpoint, owner) = await CreateAsync();

        await Task.WhenAll(Enumerable.Range(1, 8).Select(i =>
            PutAsync(owner, endpoint, i % 2 == 0 ? $$"""{"name": "Name {{i}}"}""" : $$"""{"expect_every": "{{i}}h"}""")));

        var (version, name, interval) = await app.QuerySingleAsync<(int, string, int)>(
            "select version, name, expect_every_seconds from app.webhook_endpoint where id = @Id", new { endpoint.Id });
        Assert.Equal(9, version);
        Assert.StartsWith("Name ", name, StringComparison.Ordinal);
        Assert.Contains(interval, (int[])[3600, 3 * 3600, 5 * 3600, 7 * 3600]);
        Assert.Equal(8, await app.QuerySingleAsync<int>(
            "select count(*) from app.audit_log where entity_id = @Id and action = 'webhook_endpoint.updated'", new { endpoint.Id }));
    }

    private async Task<(TestEndpoint Endpoint, TestUser Owner)> CreateAsync(string mode = "token", string? expectEvery = null)
    {
        var owner = await app.CreateUserAsync("owner");
        return (await app.CreateEndpointAsync(owner.OrganizationId!.Value, mode: mode, expectEvery: expectEvery), owner);
    }

    private async Task<JsonElement> PutAsync(TestUser user, TestEndpoint endpoint, string body)
    {
        using var client = app.As(user);
        using var response = await client.PutAsync(endpoint.Path, new StringContent(body, Encoding.UTF8, "application/json"));
        return await response.DataAsync();
    }

    private Task<int> VersionAsync(TestEndpoint endpoint) =>
        app.QuerySingleAsync<int>("select version from app.webhook_endpoint where id = @Id", new { endpoint.Id });

    private Task<string> LastChangesAsync(TestEndpoint endpoint) =>
        app.QuerySingleAsync<string>(
            "select changes::text from app.audit_log where entity_id = @Id order by at desc, id desc limit 1", new { endpoint.Id });
}
