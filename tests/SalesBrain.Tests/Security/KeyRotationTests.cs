using System.Net;
using System.Text.Json;
using SalesBrain.Core.Security;
using SalesBrain.Data.Security;
using SalesBrain.Data.Sessions;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Security;

/// <summary>
/// Rotates keys as docs/operations.md says, instance by instance, while users, senders and administrators go on. Every request goes to
/// either instance, and none may be refused.
/// </summary>
public sealed class KeyRotationTests
{
    private static readonly TestKeys Old = new(["jwt-old"], ["data-old"]);
    private static readonly TestKeys OldThenNew = new(["jwt-old", "jwt-new"], ["data-old", "data-new"]);
    private static readonly TestKeys NewThenOld = new(["jwt-new", "jwt-old"], ["data-new", "data-old"]);
    private static readonly TestKeys New = new(["jwt-new"], ["data-new"]);

    private int _number;

    [Fact]
    public async Task Keys_of_tokens_and_data_are_replaced_without_a_refused_request()
    {
        await using var instances = await RollingInstances.StartAsync(Old);
        var admin = await instances.Database.CreateUserAsync("owner", password: AuthWorld.Password);
        var endpoint = await instances.Database.CreateEndpointAsync(admin.OrganizationId!.Value, mode: "hmac");
        await using var callers = new ParallelCallers();
        var sessions = new List<Session>();
        for (var i = 0; i < 4; i++)
        {
            sessions.Add(
                await Session.SignInAsync(
                    instances,
                    i == 0
                        ? admin
                        : await instances.Database.CreateUserAsync("owner", admin.OrganizationId, password: AuthWorld.Password)));
        }
        callers.Add(() => sessions[0].GetAsync("/api/v1/auth/me"));
        callers.Add(() => ReadAllPagesAsync(sessions[1]));
        callers.Add(() => MakeAndShowLinkAsync(sessions[2]));
        callers.Add(() => MakeEndpointAndDeliverAsync(instances, sessions[3]));
        callers.Add(() => DeliverAsync(instances, endpoint));
        await callers.CompleteRoundsAsync();

        foreach (var keys in new[] { OldThenNew, NewThenOld })
        {
            for (var instance = 0; instance < 2; instance++)
            {
                await instances.RestartAsync(instance, keys);
                await callers.CompleteRoundsAsync();
            }
        }
        await ResealAsync(instances.Database);
        // Access tokens of the old key expire after 15 minutes.
        for (var minutes = 0; minutes < 16; minutes += 4)
        {
            await instances.AdvanceAsync(TimeSpan.FromMinutes(4));
            await callers.CompleteRoundsAsync();
        }
        for (var instance = 0; instance < 2; instance++)
        {
            await instances.RestartAsync(instance, New);
            await callers.CompleteRoundsAsync();
        }
        await callers.StopAsync();

        Assert.All(sessions, session => Assert.Equal("jwt-new", session.KeyId));
        Assert.Equal(["data-new"], await KeyIdsAsync(instances.Database));
        Assert.Equal(0, await instances.Database.QuerySingleAsync<int>("select count(*)::int from app.webhook_rejection"));
        Assert.True(instances.Requests > 300, $"{instances.Requests} requests");
    }

    [Fact]
    public async Task Key_that_is_put_first_at_once_is_unknown_to_instances_with_the_old_settings()
    {
        await using var before = await KeyedApp.StartAsync(Old);
        await using var after = await KeyedApp.StartAsync(NewThenOld, before);
        var owner = await before.CreateUserAsync("owner");
        var (endpoint, link, cursor) = await MakeAsync(after, owner);

        using var withNewToken = await before.CallAsync(after.TokenOf(owner), HttpMethod.Get, "/api/v1/auth/me");
        await withNewToken.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        await AssertNotServedAsync(before, owner, endpoint, link, cursor);
        await AssertServedAsync(after, before.TokenOf(owner), await MakeAsync(before, owner));
    }

    [Fact]
    public async Task Key_that_is_removed_too_early_is_still_in_use()
    {
        await using var before = await KeyedApp.StartAsync(NewThenOld);
        await using var old = await KeyedApp.StartAsync(Old, before);
        await using var after = await KeyedApp.StartAsync(New, before);
        var owner = await before.CreateUserAsync("owner");
        var made = await MakeAsync(old, owner);

        using var withOldToken = await after.CallAsync(old.TokenOf(owner), HttpMethod.Get, "/api/v1/auth/me");
        await withOldToken.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        await AssertNotServedAsync(after, owner, made.Endpoint, made.Link, made.Cursor);
        await AssertServedAsync(before, old.TokenOf(owner), made);
    }

    [Theory]
    [InlineData("hmac")]
    [InlineData("standard_webhooks")]
    [InlineData("basic")]
    public async Task Secret_and_token_of_an_endpoint_are_replaced_without_a_refused_delivery(string mode)
    {
        await using var instances = await RollingInstances.StartAsync(Old);
        var owner = await instances.Database.CreateUserAsync("owner", password: AuthWorld.Password);
        var session = await Session.SignInAsync(instances, owner);
        var first = await instances.Database.CreateEndpointAsync(owner.OrganizationId!.Value, mode: mode);
        // The senders are told one after the other, long after the rotation.
        var known = new[] { first, first, first, first };
        await using var callers = new ParallelCallers();
        for (var i = 0; i < known.Length; i++)
        {
            var sender = i;
            callers.Add(() => DeliverAsync(instances, Volatile.Read(ref known[sender])));
        }
        await callers.CompleteRoundsAsync();

        foreach (var what in new[] { "secret", "token", "secret" })
        {
            var data = await session.PostAsync($"{first.Path}/rotate", new { what });
            var rotated = known[0] with
            {
                Secret = data.SecretOf() ?? known[0].Secret,
                Token = what == "token" ? data.GetProperty("token").GetString()! : known[0].Token,
            };
            await callers.CompleteRoundsAsync();
            for (var i = 0; i < known.Length; i++)
            {
                Volatile.Write(ref known[i], rotated);
                await callers.CompleteRoundsAsync();
            }
        }
        await callers.StopAsync();

        Assert.Equal(0, await instances.Database.QuerySingleAsync<int>("select count(*)::int from app.webhook_rejection"));
        Assert.Equal(_number, await instances.Database.QuerySingleAsync<int>(
            "select count(*)::int from app.webhook_log where endpoint_id = @Id", new { first.Id }));
        Assert.True(instances.Requests > 50, $"{instances.Requests} requests");
    }

    private static async Task<(TestEndpoint Endpoint, string Link, string Cursor)> MakeAsync(KeyedApp app, TestUser owner)
    {
        var endpoint = await app.CreateEndpointAsync(owner.OrganizationId!.Value, mode: "header");
        await app.CreateEndpointAsync(owner.OrganizationId!.Value);
        var link = await app.CreateOnboardingLinkAsync(owner);
        using var client = app.As(owner);
        var page = await (await client.GetAsync($"{EndpointWorld.Endpoints}?limit=1")).DataAsync();
        return (endpoint, link.Path, page.GetProperty("next_cursor").GetString()!);
    }

    /// <summary>What another instance sealed and signed is no use here.</summary>
    private static async Task AssertNotServedAsync(KeyedApp app, TestUser owner, TestEndpoint endpoint, string link, string cursor)
    {
        using var client = app.As(owner);
        using var page = await client.GetAsync($"{EndpointWorld.Endpoints}?limit=1&cursor={cursor}");
        await page.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        var shown = await (await client.GetAsync(link)).DataAsync();
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("link_url").ValueKind);
        using var delivery = await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent());
        Assert.Equal(HttpStatusCode.InternalServerError, delivery.StatusCode);
        Assert.Equal(
            0, await app.QuerySingleAsync<int>("select count(*)::int from app.webhook_log where endpoint_id = @Id", new { endpoint.Id }));
    }

    private static async Task AssertServedAsync(KeyedApp app, string token, (TestEndpoint Endpoint, string Link, string Cursor) made)
    {
        using var page = await app.CallAsync(token, HttpMethod.Get, $"{EndpointWorld.Endpoints}?limit=1&cursor={made.Cursor}");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        using var link = await app.CallAsync(token, HttpMethod.Get, made.Link);
        Assert.StartsWith("https://", (await link.DataAsync()).GetProperty("link_url").GetString(), StringComparison.Ordinal);
        using var delivery = await app.DeliverAsync(made.Endpoint, EndpointWorld.SomeEvent());
        Assert.Equal(HttpStatusCode.OK, delivery.StatusCode);
    }

    /// <summary>A walk through all pages of a list; the pages come from either instance.</summary>
    private static async Task ReadAllPagesAsync(Session session)
    {
        var cursor = "";
        for (var page = 0; page < 4 && cursor is not null; page++)
        {
            var data = await session.GetAsync($"{EndpointWorld.Endpoints}?limit=1{cursor}");
            cursor = data.GetProperty("next_cursor").GetString() is { } next ? $"&cursor={next}" : null;
        }
    }

    private static async Task MakeAndShowLinkAsync(Session session)
    {
        var made = await session.PostAsync($"{OnboardingWorld.Root}/create-link", new { template_name = "Rotation" });
        var shown = await session.GetAsync($"{OnboardingWorld.Root}/link/{made.GetProperty("link_id").GetGuid()}");
        Assert.EndsWith(made.GetProperty("link_token").GetString()!, shown.GetProperty("link_url").GetString(), StringComparison.Ordinal);
    }

    private async Task MakeEndpointAndDeliverAsync(RollingInstances instances, Session session)
    {
        var endpoint = TestEndpoint.Of(await session.PostAsync(
            EndpointWorld.Endpoints, new { source = "custom", name = "Rotation", auth_mode = "standard_webhooks" }));
        await DeliverAsync(instances, endpoint);
        var rotated = endpoint with { Secret = (await session.PostAsync($"{endpoint.Path}/rotate", new { what = "secret" })).SecretOf() };
        await Task.WhenAll(DeliverAsync(instances, endpoint), DeliverAsync(instances, rotated), DeliverAsync(instances, rotated));
    }

    private async Task DeliverAsync(RollingInstances instances, TestEndpoint endpoint)
    {
        var number = Interlocked.Increment(ref _number);
        var body = $$"""{"event_type": "email.opened", "id": "event-{{number}}", "email": "person-{{number}}@example.org"}""";
        var status = await instances.SendAsync(async app =>
        {
            using var response = await app.DeliverAsync(endpoint, body);
            return $"{(int)response.StatusCode} {(response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync())}";
        });
        Assert.Equal("200 ", status);
    }

    private static async Task ResealAsync(KeyedApp app)
    {
        await using var database = new SalesBrainDatabase(
            new() { TenantConnectionString = app.Database.Tenant, PlatformConnectionString = app.Database.Platform });
        var resealing = new Resealing(database, NewThenOld.Box);
        for (var passes = 0; passes < 20; passes++)
        {
            if (await resealing.RunOnceAsync((_, _) => { }, CancellationToken.None) is { Resealed: 0, Skipped: 0 })
            {
                break;
            }
        }
        Assert.Equal(["data-new"], await KeyIdsAsync(app));
    }

    private static async Task<IEnumerable<string?>> KeyIdsAsync(KeyedApp app)
    {
        var envelopes = new List<byte[]>();
        foreach (var column in SealedColumns.All)
        {
            envelopes.AddRange(
                await app.QueryAsync<byte[]>($"select {column.Name} from app.{column.Table} where {column.Name} is not null"));
        }
        return envelopes.Select(envelope => SecretBox.KeyIdOf(envelope)).Distinct();
    }

    /// <summary>A signed-in user, who refreshes the access token before it expires.</summary>
    private sealed class Session(RollingInstances instances, TestTokens tokens)
    {
        private TestTokens _tokens = tokens;

        internal string KeyId =>
            JsonElement.Parse(
                System.Buffers.Text.Base64Url.DecodeFromChars(_tokens.AccessToken.Split('.')[0])).GetProperty("kid").GetString()!;

        internal static async Task<Session> SignInAsync(RollingInstances instances, TestUser user) =>
            new(instances, await instances.SendAsync(app => app.SignInAsync(user)));

        internal Task<JsonElement> GetAsync(string path) => CallAsync(HttpMethod.Get, path, null);

        internal Task<JsonElement> PostAsync(string path, object body) => CallAsync(HttpMethod.Post, path, body);

        private async Task<JsonElement> CallAsync(HttpMethod method, string path, object? body)
        {
            var left = DateTimeOffset.FromUnixTimeSeconds(_tokens.Claims.GetProperty("exp").GetInt64()) - instances.Database.Time.GetUtcNow();
            if (left < TimeSpan.FromMinutes(5))
            {
                _tokens = await instances.SendAsync(app => app.RefreshAsync(_tokens.RefreshToken));
            }
            return await instances.SendAsync(async app =>
            {
                using var response = await app.CallAsync(_tokens.AccessToken, method, path, body);
                Assert.True(
                    response.IsSuccessStatusCode,
                    $"{method} {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
                var answer = await response.JsonAsync();
                return answer.TryGetProperty("data", out var data) ? data : answer;
            });
        }
    }
}
