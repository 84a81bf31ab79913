using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Auth;

[Collection(SignInApp.Collection)]
public sealed class LogoutTests(SignInApp app)
{
    private const string Path = $"{AuthWorld.Auth}/logout";

    [Fact]
    public async Task Refresh_token_in_the_body_ends_its_session_and_no_other()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var (ended, other) = (await app.SignInAsync(user), await app.SignInAsync(user));

        var answer = await (await app.Http.PostAsync(Path, new { refresh_token = ended.RefreshToken })).DataAsync();

        Assert.Equal(1, answer.GetProperty("sessions_ended").GetInt32());
        Assert.Equal(HttpStatusCode.Unauthorized, await app.ReadAsync(ended.AccessToken));
        using var refresh = await app.TryRefreshAsync(ended.RefreshToken);
        await refresh.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        await app.RefreshAsync(other.RefreshToken);
        Assert.Equal(["user.signed_in", "user.signed_in", "user.signed_out"], (await app.AuditOfAsync(user)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Access_token_alone_ends_its_session()
    {
        var user = await app.CreateUserAsync("sb_admin", password: AuthWorld.Password);
        var tokens = await app.SignInAsync(user);
        Assert.Equal(HttpStatusCode.OK, await app.ReadAsync(tokens.AccessToken));

        var answer = await (await app.CallAsync(tokens.AccessToken, HttpMethod.Post, Path)).DataAsync();

        Assert.Equal(1, answer.GetProperty("sessions_ended").GetInt32());
        Assert.Equal(HttpStatusCode.Unauthorized, await app.ReadAsync(tokens.AccessToken));
        Assert.Equal(HttpStatusCode.Unauthorized, await app.WriteAsync(tokens.AccessToken));
        Assert.Equal(0, await app.SessionsOfAsync(user));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Everywhere_means_every_session_of_that_user_alone(bool byRefreshToken)
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var colleague = await app.CreateUserAsync("owner", user.OrganizationId, password: AuthWorld.Password);
        var sessions = new[] { await app.SignInAsync(user), await app.SignInAsync(user), await app.SignInAsync(user) };
        var untouched = await app.SignInAsync(colleague);

        using var response = byRefreshToken
            ? await app.Http.PostAsync(Path, new { refresh_token = sessions[1].RefreshToken, all = true })
            : await app.CallAsync(sessions[1].AccessToken, HttpMethod.Post, Path, new { all = true });

        Assert.Equal(3, (await response.DataAsync()).GetProperty("sessions_ended").GetInt32());
        foreach (var session in sessions)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await app.WriteAsync(session.AccessToken));
            using var refresh = await app.TryRefreshAsync(session.RefreshToken);
            await refresh.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        }
        Assert.Equal(HttpStatusCode.OK, await app.ReadAsync(untouched.AccessToken));
    }

    [Fact]
    public async Task Expired_access_token_beside_a_refresh_token_does_not_matter()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var tokens = await app.SignInAsync(user);
        app.Time.Advance(TimeSpan.FromHours(1));

        using var response = await app.CallAsync(tokens.AccessToken, HttpMethod.Post, Path, new { refresh_token = tokens.RefreshToken });

        Assert.Equal(1, (await response.DataAsync()).GetProperty("sessions_ended").GetInt32());
    }

    [Fact]
    public async Task Unknown_refresh_token_ends_no_session_and_is_no_error()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var tokens = await app.SignInAsync(user);
        await app.Http.PostAsync(Path, new { refresh_token = tokens.RefreshToken });

        foreach (var token in new[] { tokens.RefreshToken, "nobody was given this" })
        {
            var answer = await (await app.Http.PostAsync(Path, new { refresh_token = token, all = true })).DataAsync();
            Assert.Equal(0, answer.GetProperty("sessions_ended").GetInt32());
        }
        Assert.Single(await app.AuditOfAsync(user), "user.signed_out");
    }

    [Fact]
    public async Task Expired_refresh_token_cannot_sign_its_user_out_everywhere()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var old = await app.SignInAsync(user);
        app.Time.Advance(TimeSpan.FromDays(15));
        await app.SignInAsync(user);

        var answer = await (await app.Http.PostAsync(Path, new { refresh_token = old.RefreshToken, all = true })).DataAsync();

        Assert.Equal(0, answer.GetProperty("sessions_ended").GetInt32());
    }

    [Fact]
    public async Task Twice_at_once_ends_it_once()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        await app.SignInAsync(user);
        var tokens = await app.SignInAsync(user);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
            (await (await app.Http.PostAsync(Path, new { refresh_token = tokens.RefreshToken, all = true })).DataAsync())
                .GetProperty("sessions_ended").GetInt32()));

        Assert.Equal(2, answers.Sum());
    }

    [Fact]
    public async Task Call_without_a_token_is_401()
    {
        using var nothing = await app.Http.PostTextAsync(Path, "");
        using var nonsense = await app.CallAsync("nonsense", HttpMethod.Post, Path);

        await nothing.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        await nonsense.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task Bad_input_is_refused()
    {
        using var response = await app.Http.PostTextAsync(Path, """{"refresh_token": "", "all": "yes", "everywhere": true}""");

        var errors = (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).GetProperty("errors");
        Assert.Equal(["all", "everywhere", "refresh_token"], errors.EnumerateObject().Select(error => error.Name));
    }
}
