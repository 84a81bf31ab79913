using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Webhooks.Endpoints;

public sealed class CreateWebhookEndpointTests(CreateWebhookEndpointTests.BehindProxy app)
    : IClassFixture<CreateWebhookEndpointTests.BehindProxy>
{
    [Fact]
    public async Task Owner_gets_a_url_that_receives()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);

        using var response = await client.PostAsync(EndpointWorld.Endpoints, new
        {
            source = "instantly",
            name = " Outreach ",
            auth_mode = "header",
            auth_settings = new { header = "X-Instantly-Key" },
            expect_every = "120m",
        });

        var data = await response.DataAsync();
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var id = data.GetProperty("id").GetGuid();
        Assert.Equal($"/api/admin/webhooks/endpoints/{id}", response.Headers.Location?.ToString());
        var (token, secret) = (data.GetProperty("token").GetString()!, data.GetProperty("secret").GetString()!);
        data.AssertIncludes(new
        {
            url = "https://hooks.example.com/base/api/webhooks/instantly/" + token,
            url_without_token = "https://hooks.example.com/base/api/webhooks/instantly",
            token_last4 = token[^4..],
            secret_last4 = secret[^4..],
            name = "Outreach",
            expect_every = "2h",
            status = "active",
            organization_id = owner.OrganizationId,
            created_by = owner.Id,
            auth_settings = new { header = "X-Instantly-Key" },
        });

        var (hash, sealedSecret) = await app.QuerySingleAsync<(byte[], byte[])>(
            "select token_hash, secret_sealed from app.webhook_endpoint where id = @id", new { id });
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(token)), hash);
        Assert.True(sealedSecret.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) < 0);
    }

    [Theory]
    [InlineData("token")]
    [InlineData("header")]
    [InlineData("basic")]
    [InlineData("hmac")]
    [InlineData("standard_webhooks")]
    public async Task Endpoint_of_every_mode_takes_what_its_sender_signs_and_nothing_else(string mode)
    {
        var endpoint = await app.CreateEndpointAsync(await app.CreateOrganizationAsync(), mode: mode);

        using var signed = await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent());
        Assert.Equal("pending", (await signed.DataAsync()).GetProperty("status").GetString());

        using var unsigned = await app.Http.PostTextAsync($"/api/webhooks/custom/{endpoint.Token}", EndpointWorld.SomeEvent(1));
        Assert.Equal(mode == "token" ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, unsigned.StatusCode);
        Assert.Equal(mode == "token", endpoint.Secret is null);
    }

    [Fact]
    public async Task Chosen_secret_is_the_one_that_counts()
    {
        using var client = app.As(await app.CreateUserAsync("admin"));
        const string Secret = "chosen by the customer";

        using var response = await client.PostAsync(EndpointWorld.Endpoints, new
        {
            source = "zapier",
            name = "Zap",
            auth_mode = "basic",
            auth_settings = new { user = "sender" },
            secret = Secret,
        });

        var endpoint = TestEndpoint.Of(await response.DataAsync());
        Assert.Equal(Secret, endpoint.Secret);
        using var delivery = await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent());
        Assert.Equal(HttpStatusCode.OK, delivery.StatusCode);
    }

    [Fact]
    public async Task Platform_administrator_names_the_organization()
    {
        using var client = app.As(await app.CreateUserAsync("sb_admin"));
        var organization = await app.CreateOrganizationAsync();

        using var named = await client.PostAsync(
            EndpointWorld.Endpoints, new { source = "make", name = "A", organization_id = organization });
        using var unnamed = await client.PostAsync(EndpointWorld.Endpoints, new { source = "make", name = "A" });
        using var unknown = await client.PostAsync(
            EndpointWorld.Endpoints, new { source = "make", name = "A", organization_id = Guid.NewGuid() });

        Assert.Equal(organization, (await named.DataAsync()).GetProperty("organization_id").GetGuid());
        await AssertInvalidAsync(unnamed, "organization_id");
        await AssertInvalidAsync(unknown, "organization_id");
    }

    [Fact]
    public async Task Owner_makes_none_for_another_organization()
    {
        using var client = app.As(await app.CreateUserAsync("owner"));
        var other = await app.CreateOrganizationAsync();

        using var response = await client.PostAsync(EndpointWorld.Endpoints, new { source = "make", name = "A", organization_id = other });

        await AssertInvalidAsync(response, "organization_id");
        Assert.Equal(
            0, await app.QuerySingleAsync<int>("select count(*) from app.webhook_endpoint where organization_id = @other", new { other }));
    }

    [Theory]
    [InlineData("""{}""", "name,source")]
    [InlineData("""{"source": "manual", "name": "A"}""", "source")]
    [InlineData("""{"source": "Custom", "name": "A"}""", "source")]
    [InlineData("""{"source": "custom", "name": " "}""", "name")]
    [InlineData("""{"source": "custom", "name": "A\u0000"}""", "name")]
    [InlineData("""{"source": "custom", "name": "A", "status": "paused"}""", "status")]
    [InlineData("""{"source": "custom", "name": "A", "auth_mode": "oauth"}""", "auth_mode")]
    [InlineData("""{"source": "instantly", "name": "A", "auth_mode": "hmac", "auth_settings": {"header": "X-Sign"}}""", "auth_mode")]
    [InlineData("""{"source": "custom", "name": "A", "auth_mode": "header"}""", "auth_settings.header")]
    [InlineData("""{"source": "custom", "name": "A", "auth_mode": "header", "auth_settings": {"header": "Content-Type"}}""", "auth_settings.header")]
    [InlineData("""{"source": "custom", "name": "A", "auth_mode": "header", "auth_settings": {"header": "X Key"}}""", "auth_settings.header")]
    [InlineData("""{"source": "custom", "name": "A", "auth_mode": "basic"}""", "auth_settings.user")]
    [InlineData("""{"source": "custom", "name": "A", "auth_mode": "basic", "auth_settings": {"user": "a:b"}}""", "auth_settings.user")]
    [InlineData("""{"source": "custom", "name": "A", "auth_settings": {"header": "X-Key", "prefix": "a"}}""", "auth_settings.header,auth_settings.prefix")]
    [InlineData("""{"source": "custom", "name": "A", "auth_settings": {"secret": "a"}}""", "auth_settings.secret")]
    [InlineData("""{"source": "custom", "name": "A", "auth_mode": "hmac", "auth_settings": {"header": "X-Sign", "algorithm": "md5", "encoding": "hex2", "tolerance_seconds": 9}}""",
        "auth_settings.algorithm,auth_settings.encoding,auth_settings.tolerance_seconds")]
    [InlineData("""{"source": "custom", "name": "A", "auth_mode": "hmac", "auth_settings": {"header": "X-Sign", "timestamp_header": "X-Time", "signed_payload": "{body}"}}""",
        "auth_settings.signed_payload")]
    [InlineData("""{"source": "custom", "name": "A", "secret": "a secret in mode token"}""", "secret")]
    [InlineData("""{"source": "custom", "name": "A", "auth_mode": "header", "auth_settings": {"header": "X-Key"}, "secret": "too short"}""", "secret")]
    [InlineData("""{"source": "custom", "name": "A", "auth_mode": "standard_webhooks", "secret": "whsec_not base64 at all"}""", "secret")]
    [InlineData("""{"source": "custom", "name": "A", "expect_every": "2 h"}""", "expect_every")]
    [InlineData("""{"source": "custom", "name": "A", "expect_every": "31d"}""", "expect_every")]
    [InlineData("""{"source": "custom", "name": "A", "expect_every": ""}""", "expect_every")]
    [InlineData("""{"source": "custom", "name": "A", "expect_every": 7200}""", "expect_every")]
    [InlineData("""{"source": "custom", "name": "A", "token": "mine"}""", "token")]
    public async Task Bad_input_is_refused_by_member(string body, string members)
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);

        using var response = await client.PostTextAsync(EndpointWorld.Endpoints, body);

        await AssertInvalidAsync(response, members);
        Assert.Equal(0, await app.QuerySingleAsync<int>(
            "select count(*) from app.webhook_endpoint where organization_id = @OrganizationId", new { owner.OrganizationId }));
    }

    [Fact]
    public async Task Audit_log_says_who_made_it_from_where()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);

        using var response = await client.PostAsync(EndpointWorld.Endpoints, new { source = "n8n", name = "Flow" });

        var data = await response.DataAsync();
        var entry = await app.QuerySingleJsonAsync("""
            select actor_id, actor_role, action, host(ip) as ip, changes -> 'after' as after
            from app.audit_log where entity = 'webhook_endpoint' and entity_id = @id
            """, new { id = data.GetProperty("id").GetGuid() });
        entry.AssertIncludes(new { actor_id = owner.Id, actor_role = "owner", action = "webhook_endpoint.created", ip = "127.0.0.1" });
        JsonElement.Parse(entry.GetProperty("after").GetString()!)
            .AssertIncludes(new { source = "n8n", name = "Flow", auth_mode = "token" });
    }

    private static async Task AssertInvalidAsync(HttpResponseMessage response, string members)
    {
        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal(members, problem.Members());
    }

    /// <summary>An app that senders reach under another address.</summary>
    public sealed class BehindProxy : TestApp
    {
        public override IEnumerable<KeyValuePair<string, string?>> Settings =>
            [new("Webhooks:PublicBaseUrl", "https://hooks.example.com/base/")];
    }
}
