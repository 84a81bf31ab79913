using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Core.Security;
using SalesBrain.Core.Values;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Core.Webhooks.Receiving.Verification;
using SalesBrain.Tests.App;
using StandardWebhooks;

namespace SalesBrain.Tests.Webhooks.Receiving;

/// <summary>Every way of authenticating a delivery, through HTTP, at the moment of the Standard Webhooks test vector.</summary>
public sealed class AuthenticationModeTests(AuthenticationModeTests.VectorTime app) : IClassFixture<AuthenticationModeTests.VectorTime>
{
    private const string VectorSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string VectorId = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string VectorBody = """{"test": 2432232314}""";
    private const string VectorSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private const long VectorTimestamp = 1614265330;

    [Theory]
    [InlineData(VectorSignature)]
    [InlineData("v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= " + VectorSignature)]
    public async Task Standard_webhooks_vector_is_accepted_and_its_id_dedupes(string signatures)
    {
        var endpoint = await CreateAsync("custom", new() { Mode = "standard_webhooks" }, VectorSecret);

        var first = await (await SendVectorAsync(endpoint, signatures)).DataAsync();
        var second = await (await SendVectorAsync(endpoint, signatures)).DataAsync();

        Assert.False(first.GetProperty("duplicate").GetBoolean());
        Assert.True(second.GetProperty("duplicate").GetBoolean());
    }

    [Fact]
    public async Task Request_of_the_standard_webhooks_package_is_accepted()
    {
        var endpoint = await CreateAsync("custom", new() { Mode = "standard_webhooks" }, VectorSecret);
        using var content = new StandardWebhook(VectorSecret).MakeHttpContent(
            new { type = "contact.created", name = "Žofie 🦊" }, VectorId, DateTimeOffset.FromUnixTimeSeconds(VectorTimestamp));

        var delivery = await (await app.Http.PostAsync(endpoint.Path, content)).DataAsync();

        Assert.False(delivery.GetProperty("duplicate").GetBoolean());
    }

    [Theory]
    [InlineData("v1,h0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", VectorTimestamp, VectorBody, "bad_signature")]
    [InlineData(VectorSignature, VectorTimestamp, """{"test": 2432232315}""", "bad_signature")]
    [InlineData(VectorSignature, VectorTimestamp + 1, VectorBody, "bad_signature")]
    [InlineData("", VectorTimestamp, VectorBody, "bad_signature")]
    public async Task Altered_standard_webhook_is_401_and_kept_with_a_diagnosis(string signature, long timestamp, string body, string cause)
    {
        var endpoint = await CreateAsync("custom", new() { Mode = "standard_webhooks" }, VectorSecret);

        using var response = await SendVectorAsync(endpoint, signature, timestamp, body);

        await AssertRefusedAsync(response, endpoint, cause);
    }

    [Theory]
    [InlineData(-301)]
    [InlineData(301)]
    public async Task Standard_webhook_from_another_time_is_stale(int secondsOff)
    {
        var endpoint = await CreateAsync("custom", new() { Mode = "standard_webhooks" }, VectorSecret);
        var timestamp = VectorTimestamp + secondsOff;
        var signature = new StandardWebhook(VectorSecret).Sign(VectorId, DateTimeOffset.FromUnixTimeSeconds(timestamp), VectorBody);

        using var response = await SendVectorAsync(endpoint, signature, timestamp);

        var diagnosis = await AssertRefusedAsync(response, endpoint, "stale_timestamp");
        Assert.Contains(secondsOff < 0 ? "clock 301 s behind" : "clock 301 s ahead", diagnosis, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Header_mode_wants_the_named_header()
    {
        var endpoint = await CreateAsync("instantly", new() { Mode = "header", Header = "X-Instantly-Secret" }, "a-long-enough-secret");

        await (await SendAsync(endpoint, ("X-Instantly-Secret", "a-long-enough-secret"))).DataAsync();
        await AssertRefusedAsync(await SendAsync(endpoint, ("X-Instantly-Secret", "another-secret-here")), endpoint, "bad_secret");
        await AssertRefusedAsync(await SendAsync(endpoint), endpoint, "bad_secret");

        var kept = await app.QuerySingleAsync<string>(
            "select string_agg(headers::text, '') from app.webhook_payload where organization_id = @OrganizationId", endpoint)
            + await app.QuerySingleAsync<string>(
            "select string_agg(headers::text, '') from app.webhook_rejection where organization_id = @OrganizationId", endpoint);
        Assert.Contains("[redacted]", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("a-long-enough-secret", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("another-secret-here", kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Basic_mode_wants_user_and_password()
    {
        var endpoint = await CreateAsync("zapier", new() { Mode = "basic", User = "zap" }, "a-long-enough-secret");

        await (await SendAsync(endpoint, ("Authorization", Basic("zap:a-long-enough-secret")))).DataAsync();
        await AssertRefusedAsync(await SendAsync(endpoint, ("Authorization", Basic("zap:wrong"))), endpoint, "bad_secret");
        await AssertRefusedAsync(await SendAsync(endpoint, ("Authorization", Basic("other:a-long-enough-secret"))), endpoint, "bad_secret");

        static string Basic(string credentials) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials));
    }

    [Theory]
    [InlineData("sha256", "hex", "sha256=")]
    [InlineData("sha512", "base64", null)]
    public async Task Hmac_mode_wants_a_signature_of_the_raw_bytes(string algorithm, string encoding, string? prefix)
    {
        var endpoint = await CreateAsync(
            "custom", new() { Mode = "hmac", Header = "X-Signature", Algorithm = algorithm, Encoding = encoding, Prefix = prefix },
            "a-long-enough-secret");
        var key = Encoding.UTF8.GetBytes("a-long-enough-secret");
        var body = Encoding.UTF8.GetBytes(VectorBody);
        var mac = algorithm == "sha256" ? HMACSHA256.HashData(key, body) : HMACSHA512.HashData(key, body);
        var signature = prefix + (encoding == "hex" ? Convert.ToHexStringLower(mac) : Convert.ToBase64String(mac));

        await (await SendAsync(endpoint, ("X-Signature", signature))).DataAsync();
        mac[0] ^= 1;
        signature = prefix + (encoding == "hex" ? Convert.ToHexStringLower(mac) : Convert.ToBase64String(mac));
        await AssertRefusedAsync(await SendAsync(endpoint, ("X-Signature", signature)), endpoint, "bad_signature");
    }

    [Fact]
    public async Task Previous_secret_works_for_its_grace_time_and_is_named_afterwards()
    {
        var endpoint = await CreateAsync(
            "instantly", new() { Mode = "header", Header = "X-Secret" }, "the-new-secret-123", previous: "the-old-secret-123");

        await (await SendAsync(endpoint, ("X-Secret", "the-old-secret-123"))).DataAsync();
        await app.ExecuteAsync(
            "update app.webhook_endpoint set previous_secret_expires_at = '2021-01-01', version = version + 1 where id = @Id", endpoint);
        var diagnosis = await AssertRefusedAsync(await SendAsync(endpoint, ("X-Secret", "the-old-secret-123")), endpoint, "bad_secret");

        Assert.Contains("previous secret", diagnosis, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> SendVectorAsync(
        TokenEndpoint endpoint, string signatures, long timestamp = VectorTimestamp, string body = VectorBody) =>
        SendAsync(endpoint, body, ("webhook-id", VectorId), ("webhook-timestamp", timestamp.ToString()), ("webhook-signature", signatures));

    private Task<HttpResponseMessage> SendAsync(TokenEndpoint endpoint, params (string Name, string Value)[] headers) =>
        SendAsync(endpoint, VectorBody, headers);

    private async Task<HttpResponseMessage> SendAsync(TokenEndpoint endpoint, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        return await app.Http.SendAsync(request);
    }

    private async Task<string> AssertRefusedAsync(HttpResponseMessage response, TokenEndpoint endpoint, string cause)
    {
        await response.ProblemAsync(HttpStatusCode.Unauthorized, "webhook_unauthorized");
        var (kept, diagnosis) = await app.QuerySingleAsync<(string, string)>("""
            select cause, diagnosis from app.webhook_rejection where organization_id = @OrganizationId order by id desc limit 1
            """, endpoint);
        Assert.Equal(cause, kept);
        return diagnosis;
    }

    private async Task<TokenEndpoint> CreateAsync(
        string source, WebhookAuthentication authentication, string secret, string? previous = null)
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync(), source);
        var box = app.Services.GetRequiredService<SecretBox>();
        await app.ExecuteAsync("""
            update app.webhook_endpoint set auth_mode = @Mode, auth_settings = @settings::jsonb, secret_sealed = @secretSealed,
                previous_secret_sealed = @previousSealed, previous_secret_expires_at = case when @previousSealed is not null then timestamptz '2022-01-01' end
            where id = @Id
            """, new
        {
            endpoint.Id,
            authentication.Mode,
            settings = JsonSerializer.Serialize(authentication, ColumnJson.Options),
            secretSealed = box.Seal(secret, endpoint.OrganizationId, WebhookEndpointSecrets.Purpose),
            previousSealed = previous is null ? null : box.Seal(previous, endpoint.OrganizationId, WebhookEndpointSecrets.Purpose),
        });
        return endpoint;
    }

    public sealed class VectorTime : TestApp
    {
        private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(VectorTimestamp));

        public override TimeProvider Clock => _time;
    }
}
