using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Auth;

[Collection(SignInApp.Collection)]
public sealed class ChangePasswordTests(SignInApp app)
{
    private const string Path = $"{AuthWorld.Auth}/password";
    private const string New = "a new and longer password";

    [Fact]
    public async Task New_password_works_the_old_one_does_not_and_only_this_session_goes_on()
    {
        var user = await app.CreateUserAsync("client_user", password: AuthWorld.Password);
        var (mine, other) = (await app.SignInAsync(user), await app.SignInAsync(user));

        using var response = await ChangeAsync(mine.AccessToken, AuthWorld.Password, New);

        Assert.Equal(1, (await response.DataAsync()).GetProperty("sessions_ended").GetInt32());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await app.WriteAsync(mine.AccessToken));
        await app.RefreshAsync(mine.RefreshToken);
        Assert.Equal(HttpStatusCode.Unauthorized, await app.ReadAsync(other.AccessToken));
        using var refresh = await app.TryRefreshAsync(other.RefreshToken);
        await refresh.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        using var old = await app.TrySignInAsync(user.Email);
        await old.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_credentials");
        await app.SignInAsync(user, New);
        Assert.Contains("user.password_changed", await app.AuditOfAsync(user));
    }

    [Fact]
    public async Task Links_that_were_mailed_stop_working()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var link = await app.RequestResetAsync(user);
        var tokens = await app.SignInAsync(user);
        using var changed = await ChangeAsync(tokens.AccessToken, AuthWorld.Password, New);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);

        using var response = await app.TrySetPasswordAsync(link, "yet another long password");

        await response.ProblemAsync(HttpStatusCode.Gone, "password_link_invalid");
    }

    [Fact]
    public async Task Wrong_current_password_is_422_and_counts_as_a_failed_sign_in()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var tokens = await app.SignInAsync(user);
        for (var attempt = 0; attempt < 6; attempt++)
        {
            using var wrong = await ChangeAsync(tokens.AccessToken, "guessed", New);
            var errors = (await wrong.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).GetProperty("errors");
            Assert.Equal("is not the current password", errors.GetProperty("current_password")[0].GetString());
        }

        using var right = await ChangeAsync(tokens.AccessToken, AuthWorld.Password, New);

        await right.ProblemAsync(HttpStatusCode.TooManyRequests, "too_many_attempts");
        Assert.NotNull(right.Headers.RetryAfter);
        app.Time.Advance(right.Headers.RetryAfter.Delta!.Value);
        await app.SignInAsync(user);
    }

    [Theory]
    [InlineData("elevenchars", "must have at least 12 characters")]
    [InlineData("123qweasdzxc", "is one of the 10,000 most common passwords; choose another")]
    public async Task Password_that_may_not_be_set_is_refused(string password, string message)
    {
        var tokens = await app.SignInAsync(await app.CreateUserAsync("owner", password: AuthWorld.Password));

        using var response = await ChangeAsync(tokens.AccessToken, AuthWorld.Password, password);

        var errors = (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).GetProperty("errors");
        Assert.Equal(message, errors.GetProperty("new_password")[0].GetString());
    }

    [Fact]
    public async Task Twice_at_once_changes_it_once()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var tokens = await app.SignInAsync(user);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(number => ChangeAsync(tokens.AccessToken, AuthWorld.Password, $"{New} {number}")));

        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity],
            answers.Select(answer => answer.StatusCode).Order());
    }

    [Fact]
    public async Task Missing_and_unknown_members_are_reported_at_once()
    {
        var tokens = await app.SignInAsync(await app.CreateUserAsync("owner", password: AuthWorld.Password));

        using var response = await app.CallAsync(tokens.AccessToken, HttpMethod.Put, Path, new { password = "x" });

        var errors = (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).GetProperty("errors");
        Assert.Equal(["current_password", "new_password", "password"], errors.EnumerateObject().Select(error => error.Name));
    }

    private Task<HttpResponseMessage> ChangeAsync(string accessToken, string current, string next) =>
        app.CallAsync(accessToken, HttpMethod.Put, Path, new { current_password = current, new_password = next });
}
