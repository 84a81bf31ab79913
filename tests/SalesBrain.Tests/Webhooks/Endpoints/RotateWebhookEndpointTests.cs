using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Webhooks.Endpoints;

[Collection(ClockedApp.Collection)]
public sealed class RotateWebhookEndpointTests(ClockedApp app)
{
    [Fact]
    public async Task Old_token_works_until_its_grace_time_ends()
    {
        var (endpoint, owner) = await CreateAsync();

        var data = await RotateAsync(owner, endpoint, """{"what": "token"}""");

        var rotated = endpoint with { Token = data.GetProperty("token").GetString()! };
        Assert.EndsWith("/api/webhooks/custom/" + rotated.Token, data.GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.Equal(rotated.Token[^4..], data.GetProperty("token_last4").GetString());
        Assert.Equal(app.Now.AddHours(24), data.GetProperty("previous_token_expires_at").GetDateTime(), TimeSpan.FromMilliseconds(1));
        await AssertDeliveredAsync(endpoint, 1);
        await AssertDeliveredAsync(rotated, 2);

        app.Time.Advance(TimeSpan.FromHours(23.9));
        await AssertDeliveredAsync(endpoint, 3);

        // A cached endpoint lives a minute.
        app.Time.Advance(TimeSpan.FromHours(0.1) + TimeSpan.FromMinutes(1));
        using var late = await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent(4));
        await late.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        await AssertDeliveredAsync(rotated, 5);
        using var client = app.As(owner);
        var shown = await (await client.GetAsync(endpoint.Path)).DataAsync();
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("previous_token_expires_at").ValueKind);
    }

    [Fact]
    public async Task Without_grace_the_old_token_stops_at_once()
    {
        var (endpoint, owner) = await CreateAsync();
        await AssertDeliveredAsync(endpoint, 1);

        await RotateAsync(owner, endpoint, """{"what": "token", "grace_hours": 0}""");

        using var late = await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent(2));
        await late.ProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Second_rotation_ends_the_first_ones_grace_time()
    {
        var (endpoint, owner) = await CreateAsync();
        var second = endpoint with
        {
            Token = (await RotateAsync(owner, endpoint, """{"what": "token"}""")).GetProperty("token").GetString()!,
        };
        await AssertDeliveredAsync(endpoint, 1);

        var third = endpoint with
        {
            Token = (await RotateAsync(owner, endpoint, """{"what": "token"}""")).GetProperty("token").GetString()!,
        };

        using var late = await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent(2));
        await late.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        await AssertDeliveredAsync(second, 3);
        await AssertDeliveredAsync(third, 4);
    }

    [Theory]
    [InlineData("header", "bad_secret")]
    [InlineData("basic", "bad_secret")]
    [InlineData("hmac", "bad_signature")]
    [InlineData("standard_webhooks", "bad_signature")]
    public async Task Old_secret_works_until_its_grace_time_ends_and_a_refusal_then_says_so(string mode, string cause)
    {
        var (endpoint, owner) = await CreateAsync(mode);

        var data = await RotateAsync(owner, endpoint, """{"what": "secret", "grace_hours": 2}""");

        var rotated = endpoint with { Secret = data.SecretOf() };
        Assert.NotEqual(endpoint.Secret, rotated.Secret);
        Assert.False(data.TryGetProperty("token", out _));
        Assert.Equal(app.Now.AddHours(2), data.GetProperty("previous_secret_expires_at").GetDateTime(), TimeSpan.FromMilliseconds(1));
        await AssertDeliveredAsync(endpoint, 1);
        await AssertDeliveredAsync(rotated, 2);

        app.Time.Advance(TimeSpan.FromHours(2));
        using var late = await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent(3));
        await late.ProblemAsync(HttpStatusCode.Unauthorized, "webhook_unauthorized");
        await AssertDeliveredAsync(rotated, 4);
        var rejection = await app.QuerySingleAsync<(string Cause, string Diagnosis)>(
            "select cause, diagnosis from app.webhook_rejection where endpoint_id = @Id", new { endpoint.Id });
        Assert.Equal(cause, rejection.Cause);
        Assert.Contains("previous secret", rejection.Diagnosis, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Use_of_the_old_secret_is_logged_once_a_minute()
    {
        var (endpoint, owner) = await CreateAsync("hmac");
        var rotated = endpoint with { Secret = (await RotateAsync(owner, endpoint, """{"what": "secret"}""")).SecretOf() };
        await AssertDeliveredAsync(rotated, 1);
        Assert.Empty(Logged());

        await AssertDeliveredAsync(endpoint, 2);
        await AssertDeliveredAsync(endpoint, 3);
        Assert.Single(Logged());

        app.Time.Advance(TimeSpan.FromMinutes(1));
        await AssertDeliveredAsync(endpoint, 4);
        Assert.Equal(2, Logged().Count());

        IEnumerable<string> Logged() => app.Logs.Lines.Where(
            line => line.Contains($"{endpoint.Id} was made with the previous secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Chosen_secret_is_taken()
    {
        var (endpoint, owner) = await CreateAsync("header");

        var data = await RotateAsync(owner, endpoint, """{"what": "secret", "secret": "chosen by the customer"}""");

        Assert.Equal("chosen by the customer", data.SecretOf());
        await AssertDeliveredAsync(endpoint with { Secret = data.SecretOf() }, 1);
    }

    [Fact]
    public async Task Mode_token_has_no_secret_to_rotate()
    {
        var (endpoint, owner) = await CreateAsync();
        using var client = app.As(owner);

        using var response = await client.PostTextAsync(endpoint.Path + "/rotate", """{"what": "secret"}""");

        await response.ProblemAsync(HttpStatusCode.Conflict, "conflict");
    }

    [Theory]
    [InlineData("""{}""", "what")]
    [InlineData("""{"what": "url"}""", "what")]
    [InlineData("""{"what": "token", "grace_hours": -1}""", "grace_hours")]
    [InlineData("""{"what": "token", "grace_hours": 169}""", "grace_hours")]
    [InlineData("""{"what": "token", "grace_hours": 1.5}""", "grace_hours")]
    [InlineData("""{"what": "token", "secret": "chosen by the customer"}""", "secret")]
    [InlineData("""{"what": "secret", "secret": "too short"}""", "secret")]
    [InlineData("""{"what": "secret", "token": "mine"}""", "token")]
    public async Task Bad_input_is_refused_by_member_and_changes_nothing(string body, string member)
    {
        var (endpoint, owner) = await CreateAsync("header");
        using var client = app.As(owner);

        using var response = await client.PostTextAsync(endpoint.Path + "/rotate", body);

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal(member, problem.Members());
        Assert.Equal(1, await app.QuerySingleAsync<int>("select version from app.webhook_endpoint where id = @Id", new { endpoint.Id }));
    }

    [Fact]
    public async Task Audit_log_tells_the_rotation_by_last_characters()
    {
        var (endpoint, owner) = await CreateAsync();

        var data = await RotateAsync(owner, endpoint, """{"what": "token", "grace_hours": 1}""");

        var changes = await app.QuerySingleAsync<string>(
            "select changes::text from app.audit_log where entity_id = @Id and action = 'webhook_endpoint.token_rotated'",
            new { endpoint.Id });
        Assert.Equal(
            $$$"""{"after": {"token_last4": "{{{data.GetProperty("token").GetString()![^4..]}}}"}, "before": {"token_last4": "{{{endpoint.Token[^4..]}}}"}, "grace_hours": 1}""",
            changes);
    }

    private async Task<(TestEndpoint Endpoint, TestUser Owner)> CreateAsync(string mode = "token")
    {
        var owner = await app.CreateUserAsync("owner");
        return (await app.CreateEndpointAsync(owner.OrganizationId!.Value, mode: mode), owner);
    }

    private async Task<JsonElement> RotateAsync(TestUser user, TestEndpoint endpoint, string body)
    {
        using var client = app.As(user);
        using var response = await client.PostTextAsync(endpoint.Path + "/rotate", body);
        return await response.DataAsync();
    }

    private async Task AssertDeliveredAsync(TestEndpoint endpoint, int number)
    {
        using var response = await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent(number));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
