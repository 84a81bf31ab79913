using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SalesBrain.Core.Auth;
using SalesBrain.Data.Auth;
using SalesBrain.Functions.Live;

namespace SalesBrain.Tests.App;

/// <summary>
/// An app with a clock of the test's own, whose requests come from whichever address the test says, and whose password hashes are cheap:
/// its tests sign in some hundred times. The classes of the collection share one: their clock stands where the test before left it, and
/// only goes forward.
/// </summary>
public class SignInApp : TestApp
{
    /// <summary>The collection of the test classes that share it.</summary>
    public const string Collection = "sign-in";

    private static int _addresses;

    public SignInApp() : this(LogLevel.Information)
    {
    }

    protected SignInApp(LogLevel leastLogged) : base(leastLogged)
    {
    }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    public override TimeProvider? Clock => Time;

    public override bool CountsStatements => true;

    public override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Network:TrustedProxies", "1")];

    protected override void AddServices(IServiceCollection services)
    {
        services.AddSingleton(
            provider => new Passwords(Environment.ProcessorCount, provider.GetRequiredService<TimeProvider>(), iterations: 1000));
        // The clock stands still.
        services.AddSingleton(Options.Create(new LiveOptions { LongestWait = TimeSpan.Zero }));
    }

    /// <summary>An address that no other test signs in from (RFC 2544 keeps these for tests).</summary>
    public static string NewAddress()
    {
        var number = Interlocked.Increment(ref _addresses);
        return $"198.18.{number / 256}.{number % 256}";
    }
}

[CollectionDefinition(SignInApp.Collection)]
public sealed class SignInCollection : ICollectionFixture<SignInApp>;

/// <summary>Signing in and out through the API.</summary>
public static class AuthWorld
{
    public const string Password = "correct horse battery";

    public const string Auth = "/api/v1/auth";

    /// <summary>Tries to sign in; an address that nobody else uses where none is given.</summary>
    public static async Task<HttpResponseMessage> TrySignInAsync(
        this TestApp app, string email, string password = Password, string? from = null, string? device = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Auth}/login")
        {
            Content = JsonContent.Create(new { email, password }),
        };
        request.Headers.Add("X-Forwarded-For", from ?? SignInApp.NewAddress());
        if (device is not null)
        {
            request.Headers.TryAddWithoutValidation("User-Agent", device);
        }
        return await app.Http.SendAsync(request);
    }

    /// <summary>Signs in.</summary>
    public static async Task<TestTokens> SignInAsync(
        this TestApp app, TestUser user, string password = Password, string? from = null, string? device = null) =>
        await TestTokens.OfAsync(await app.TrySignInAsync(user.Email, password, from, device));

    /// <summary>Presents a refresh token.</summary>
    public static Task<HttpResponseMessage> TryRefreshAsync(this TestApp app, string refreshToken) =>
        app.Http.PostAsync($"{Auth}/refresh", new { refresh_token = refreshToken });

    /// <summary>Exchanges a refresh token.</summary>
    public static async Task<TestTokens> RefreshAsync(this TestApp app, string refreshToken) =>
        await TestTokens.OfAsync(await app.TryRefreshAsync(refreshToken));

    /// <summary>A call with an access token.</summary>
    public static async Task<HttpResponseMessage> CallAsync(
        this TestApp app, string accessToken, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        request.Headers.Add("X-Forwarded-For", SignInApp.NewAddress());
        request.Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: new JsonSerializerOptions());
        return await app.Http.SendAsync(request);
    }

    /// <summary>Reads with an access token.</summary>
    public static async Task<HttpStatusCode> ReadAsync(this TestApp app, string accessToken)
    {
        using var response = await app.CallAsync(accessToken, HttpMethod.Get, $"{Auth}/me");
        return response.StatusCode;
    }

    /// <summary>Writes with an access token: 422 is what it comes to when the token is taken.</summary>
    public static async Task<HttpStatusCode> WriteAsync(this TestApp app, string accessToken)
    {
        using var response = await app.CallAsync(
            accessToken, HttpMethod.Put, $"{Auth}/password", new { current_password = "x", new_password = "short" });
        return response.StatusCode;
    }

    /// <summary>How many sessions of a user go on.</summary>
    public static Task<int> SessionsOfAsync(this TestApp app, TestUser user) =>
        app.QuerySingleAsync<int>(
            "select count(*) from app.refresh_token where user_id = @Id and id = family_id and revoked_at is null", new { user.Id });

    /// <summary>What the audit log says of a user; in no order, for the clock may have stood still.</summary>
    public static Task<IReadOnlyList<string>> AuditOfAsync(this TestApp app, TestUser user) =>
        app.QueryAsync<string>("select action from app.audit_log where entity = 'user' and entity_id = @Id", new { user.Id });

    /// <summary>An invitation of a user, as whoever invited them makes it.</summary>
    public static async Task<string> InviteAsync(this SignInApp app, TestUser user)
    {
        await using var database = new Data.Sessions.SalesBrainDatabase(
            new() { TenantConnectionString = app.Database.Tenant, PlatformConnectionString = app.Database.Platform });
        await using var session = await database.WritePlatformAsync(CancellationToken.None);
        var (token, _) = await PasswordTokens.IssueInvitationAsync(
            session, user.OrganizationId, user.Id, app.Time.GetUtcNow(), CancellationToken.None);
        await session.CommitAsync();
        return token;
    }

    /// <summary>A requested change of an e-mail address, as the user makes it; answers the token of the link.</summary>
    public static async Task<string> RequestEmailChangeAsync(this TestApp app, TestUser user, string email)
    {
        await using var database = new Data.Sessions.SalesBrainDatabase(
            new() { TenantConnectionString = app.Database.Tenant, PlatformConnectionString = app.Database.Platform });
        await using var session = await database.WritePlatformAsync(CancellationToken.None);
        var change = new NewEmailChange
        {
            UserId = user.Id,
            OrganizationId = user.OrganizationId,
            Email = email,
            EmailNorm = email,
            RequestedBy = user.Id,
        };
        var token = await EmailChanges.RequestAsync(
            session, change, (app.Clock ?? TimeProvider.System).GetUtcNow(), CancellationToken.None);
        await session.CommitAsync();
        return token;
    }

    /// <summary>Asks for a reset mail, from an address that nobody else uses where none is given.</summary>
    public static async Task<HttpResponseMessage> TryRequestResetAsync(this TestApp app, string email, string? from = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Auth}/password-reset")
        {
            Content = JsonContent.Create(new { email }),
        };
        request.Headers.Add("X-Forwarded-For", from ?? SignInApp.NewAddress());
        return await app.Http.SendAsync(request);
    }

    /// <summary>Asks for a reset mail and answers the token in it.</summary>
    public static async Task<string> RequestResetAsync(this TestApp app, TestUser user)
    {
        var mail = app.Mails.NextToAsync(user.Email);
        using var response = await app.TryRequestResetAsync(user.Email);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await mail;
        return app.Mails.LastTokenTo(user.Email);
    }

    /// <summary>Sets a password with a mailed token.</summary>
    public static Task<HttpResponseMessage> TrySetPasswordAsync(this TestApp app, string token, string password) =>
        app.Http.PostAsync($"{Auth}/password-reset/confirm", new { token, new_password = password });
}

/// <summary>What a sign-in or refresh gave.</summary>
public sealed record TestTokens(string AccessToken, string RefreshToken)
{
    /// <summary>The session that the access token is of.</summary>
    public Guid SessionId => Claims.GetProperty("sid").GetGuid();

    /// <summary>The access token's payload.</summary>
    public JsonElement Claims => JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(AccessToken.Split('.')[1]));

    /// <summary>Reads an answer; a problem fails the test with its text.</summary>
    public static async Task<TestTokens> OfAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {text}");
            var answer = JsonElement.Parse(text);
            return new TestTokens(answer.GetProperty("access_token").GetString()!, answer.GetProperty("refresh_token").GetString()!);
        }
    }
}
