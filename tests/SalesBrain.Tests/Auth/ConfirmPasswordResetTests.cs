using System.Net;
using System.Security.Cryptography;
using System.Text;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Auth;

[Collection(SignInApp.Collection)]
public sealed class ConfirmPasswordResetTests(SignInApp app)
{
    private const string New = "a new and longer password";

    [Fact]
    public async Task Mailed_link_sets_the_password_once_and_ends_all_sessions()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var (one, two) = (await app.SignInAsync(user), await app.SignInAsync(user));
        var token = await app.RequestResetAsync(user);

        var answer = await (await app.TrySetPasswordAsync(token, New)).DataAsync();
        using var again = await app.TrySetPasswordAsync(token, "yet another long password");

        Assert.Equal(user.Email, answer.GetProperty("email").GetString());
        await again.ProblemAsync(HttpStatusCode.Gone, "password_link_invalid");
        Assert.Equal(HttpStatusCode.Unauthorized, await app.ReadAsync(one.AccessToken));
        using var refresh = await app.TryRefreshAsync(two.RefreshToken);
        await refresh.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        await app.SignInAsync(user, New);
        Assert.Contains("user.password_reset", await app.AuditOfAsync(user));
    }

    [Fact]
    public async Task Only_the_hash_of_the_token_is_kept()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);

        var token = await app.RequestResetAsync(user);

        Assert.Equal(32, System.Buffers.Text.Base64Url.DecodeFromChars(token).Length);
        Assert.Equal(
            SHA256.HashData(Encoding.UTF8.GetBytes(token)),
            await app.QuerySingleAsync<byte[]>("select token_hash from app.password_token where user_id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task Link_works_for_forty_five_minutes()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var first = await app.RequestResetAsync(user);
        app.Time.Advance(TimeSpan.FromMinutes(45));
        var second = await app.RequestResetAsync(user);
        app.Time.Advance(TimeSpan.FromMinutes(45) - TimeSpan.FromSeconds(1));

        using var expired = await app.TrySetPasswordAsync(first, New);
        using var timely = await app.TrySetPasswordAsync(second, New);

        await expired.ProblemAsync(HttpStatusCode.Gone, "password_link_invalid");
        Assert.Equal(HttpStatusCode.OK, timely.StatusCode);
    }

    [Fact]
    public async Task Invitation_makes_the_user_active()
    {
        var user = await app.CreateUserAsync("client_admin", status: "invited");
        var token = await app.InviteAsync(user);
        app.Time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));

        using var response = await app.TrySetPasswordAsync(token, New);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("active", await app.QuerySingleAsync<string>("select status from app.user where id = @Id", new { user.Id }));
        await app.SignInAsync(user, New);
        Assert.Contains("user.invitation_accepted", await app.AuditOfAsync(user));
    }

    [Fact]
    public async Task Invitation_expires_after_seven_days_and_a_new_one_replaces_it()
    {
        var user = await app.CreateUserAsync("owner", status: "invited");
        var first = await app.InviteAsync(user);
        var second = await app.InviteAsync(user);

        using var replaced = await app.TrySetPasswordAsync(first, New);
        app.Time.Advance(TimeSpan.FromDays(7));
        using var expired = await app.TrySetPasswordAsync(second, New);

        await replaced.ProblemAsync(HttpStatusCode.Gone, "password_link_invalid");
        await expired.ProblemAsync(HttpStatusCode.Gone, "password_link_invalid");
        Assert.Equal("invited", await app.QuerySingleAsync<string>("select status from app.user where id = @Id", new { user.Id }));
    }

    [Theory]
    [InlineData("active", "disabled")]
    [InlineData("invited", "disabled")]
    public async Task Link_of_a_disabled_user_does_not_work_not_even_when_enabled_again(string before, string after)
    {
        var user = await app.CreateUserAsync("admin", password: AuthWorld.Password, status: before);
        var token = before == "active" ? await app.RequestResetAsync(user) : await app.InviteAsync(user);
        await app.ExecuteAsync("update app.user set status = @after where id = @Id", new { after, user.Id });

        using var disabled = await app.TrySetPasswordAsync(token, New);
        await app.ExecuteAsync("update app.user set status = @before where id = @Id", new { before, user.Id });
        using var enabled = await app.TrySetPasswordAsync(token, New);

        await disabled.ProblemAsync(HttpStatusCode.Gone, "password_link_invalid");
        await enabled.ProblemAsync(HttpStatusCode.Gone, "password_link_invalid");
    }

    [Fact]
    public async Task Invitation_of_somebody_who_is_active_already_does_not_work()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);

        using var response = await app.TrySetPasswordAsync(await app.InviteAsync(user), New);

        await response.ProblemAsync(HttpStatusCode.Gone, "password_link_invalid");
        await app.SignInAsync(user);
    }

    [Fact]
    public async Task One_of_several_links_ends_the_others()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var (first, second) = (await app.RequestResetAsync(user), await app.RequestResetAsync(user));
        using var used = await app.TrySetPasswordAsync(first, New);
        Assert.Equal(HttpStatusCode.OK, used.StatusCode);

        using var response = await app.TrySetPasswordAsync(second, "yet another long password");

        await response.ProblemAsync(HttpStatusCode.Gone, "password_link_invalid");
    }

    [Fact]
    public async Task Eight_uses_at_once_set_one_password()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var token = await app.RequestResetAsync(user);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => app.TrySetPasswordAsync(token, $"{New} {number}")));

        var winner = Assert.Single(Enumerable.Range(0, 8), number => answers[number].StatusCode == HttpStatusCode.OK);
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.Gone));
        await app.SignInAsync(user, $"{New} {winner}");
    }

    [Fact]
    public async Task Sign_in_with_the_old_password_during_a_reset_leaves_no_session()
    {
        for (var round = 0; round < 3; round++)
        {
            var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
            var token = await app.RequestResetAsync(user);

            var signIns = Enumerable.Range(0, 3).Select(_ => app.TrySignInAsync(user.Email)).ToList();
            using var reset = await app.TrySetPasswordAsync(token, New);
            await Task.WhenAll(signIns);

            Assert.Equal(HttpStatusCode.OK, reset.StatusCode);
            Assert.Equal(0, await app.SessionsOfAsync(user));
        }
    }

    [Theory]
    [InlineData("elevenchars", "must have at least 12 characters")]
    [InlineData("Administrator", "is one of the 10,000 most common passwords; choose another")]
    public async Task Password_that_may_not_be_set_leaves_the_link_unused(string password, string message)
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var token = await app.RequestResetAsync(user);

        using var refused = await app.TrySetPasswordAsync(token, password);
        using var taken = await app.TrySetPasswordAsync(token, New);

        var errors = (await refused.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).GetProperty("errors");
        Assert.Equal(message, errors.GetProperty("new_password")[0].GetString());
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
    }

    [Theory]
    [InlineData("""{"token": "nobody was given this", "new_password": "a new and longer password"}""", 410, "password_link_invalid")]
    [InlineData("""{"token": "", "new_password": "a new and longer password"}""", 422, "invalid")]
    [InlineData("""{"token": "x"}""", 422, "invalid")]
    [InlineData("""{"token": "x", "new_password": "a new and longer password", "password": "x"}""", 422, "invalid")]
    [InlineData("no JSON", 400, "not_json")]
    public async Task What_is_no_link_is_refused(string body, int status, string code)
    {
        using var response = await app.Http.PostTextAsync($"{AuthWorld.Auth}/password-reset/confirm", body);

        await response.ProblemAsync((HttpStatusCode)status, code);
    }
}
