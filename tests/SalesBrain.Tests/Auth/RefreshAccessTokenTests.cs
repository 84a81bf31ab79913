using System.Net;
using System.Security.Cryptography;
using System.Text;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Auth;

[Collection(SignInApp.Collection)]
public sealed class RefreshAccessTokenTests(SignInApp app)
{
    [Fact]
    public async Task Refresh_token_is_exchanged_for_new_tokens_of_the_same_session()
    {
        var user = await app.CreateUserAsync("agency_admin", password: AuthWorld.Password);
        var first = await app.SignInAsync(user);
        app.Time.Advance(TimeSpan.FromMinutes(20));

        using var response = await app.TryRefreshAsync(first.RefreshToken);

        var answer = await response.JsonAsync();
        Assert.Equal(["access_token", "token_type", "expires_in", "refresh_token"], answer.EnumerateObject().Select(member => member.Name));
        Assert.Equal(900, answer.GetProperty("expires_in").GetInt32());
        var second = new TestTokens(answer.GetProperty("access_token").GetString()!, answer.GetProperty("refresh_token").GetString()!);
        Assert.NotEqual(first.RefreshToken, second.RefreshToken);
        Assert.Equal(first.SessionId, second.SessionId);
        Assert.Equal(HttpStatusCode.Unauthorized, await app.ReadAsync(first.AccessToken));
        Assert.Equal(HttpStatusCode.OK, await app.ReadAsync(second.AccessToken));
    }

    [Fact]
    public async Task Tokens_are_256_random_bits_of_which_only_the_hash_is_kept()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var first = await app.SignInAsync(user, device: "Browser on a test " + new string('x', 300));
        var second = await app.RefreshAsync(first.RefreshToken);

        var rows = await app.QueryAsync<(byte[] Hash, string Row, string? Device)>(
            "select token_hash, t::text, device from app.refresh_token t where user_id = @Id order by parent_id nulls first",
            new { user.Id });

        Assert.Equal(
            [SHA256.HashData(Encoding.UTF8.GetBytes(first.RefreshToken)), SHA256.HashData(Encoding.UTF8.GetBytes(second.RefreshToken))],
            rows.Select(row => row.Hash));
        Assert.All(rows, row => Assert.DoesNotContain(first.RefreshToken, row.Row, StringComparison.Ordinal));
        Assert.Equal(32, System.Buffers.Text.Base64Url.DecodeFromChars(first.RefreshToken).Length);
        Assert.StartsWith("Browser on a test xxx", rows[0].Device);
        Assert.Equal(200, rows[0].Device!.Length);
    }

    [Fact]
    public async Task OAuth_form_refreshes_too()
    {
        var tokens = await app.SignInAsync(await app.CreateUserAsync("sb_operator", password: AuthWorld.Password));
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "refresh_token",
            ["refresh_token"] = tokens.RefreshToken,
        });

        var refreshed = await TestTokens.OfAsync(await app.Http.PostAsync($"{AuthWorld.Auth}/refresh", form));

        Assert.Equal(tokens.SessionId, refreshed.SessionId);
    }

    [Fact]
    public async Task Twenty_uses_at_once_give_one_session_and_lock_nobody_out()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var tokens = await app.SignInAsync(user);

        var refreshed = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.RefreshAsync(tokens.RefreshToken)));

        Assert.Equal(20, refreshed.Select(pair => pair.RefreshToken).Distinct().Count());
        Assert.All(refreshed, pair => Assert.Equal(tokens.SessionId, pair.SessionId));
        Assert.Equal(1, await app.QuerySingleAsync<int>(
            "select count(distinct family_id) from app.refresh_token where user_id = @Id", new { user.Id }));
        Assert.Equal(1, await app.SessionsOfAsync(user));
        // Each of the twenty goes on for itself.
        app.Time.Advance(TimeSpan.FromMinutes(10));
        await Task.WhenAll(refreshed.Select(pair => app.RefreshAsync(pair.RefreshToken)));
        Assert.Equal(1, await app.SessionsOfAsync(user));
    }

    /// <summary>Public case P43.</summary>
    [Fact]
    public async Task Two_tabs_that_refresh_at_once_both_go_on()
    {
        var user = await app.CreateUserAsync("member", password: AuthWorld.Password);
        var shared = await app.SignInAsync(user);

        for (var round = 0; round < 3; round++)
        {
            var tabs = await Task.WhenAll(app.RefreshAsync(shared.RefreshToken), app.RefreshAsync(shared.RefreshToken));

            Assert.All(
                await Task.WhenAll(tabs.Select(tab => app.ReadAsync(tab.AccessToken))), status => Assert.Equal(HttpStatusCode.OK, status));
            // Each goes on with its own, later, and after that they share one again.
            app.Time.Advance(TimeSpan.FromMinutes(14));
            await app.RefreshAsync(tabs[0].RefreshToken);
            shared = await app.RefreshAsync(tabs[1].RefreshToken);
        }

        Assert.Equal(1, await app.SessionsOfAsync(user));
        Assert.DoesNotContain("user.refresh_token_reused", await app.AuditOfAsync(user));
    }

    [Fact]
    public async Task Stolen_old_token_ends_the_session_and_is_audited()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var stolen = await app.SignInAsync(user);
        var other = await app.SignInAsync(user);
        var second = await app.RefreshAsync(stolen.RefreshToken);
        var third = await app.RefreshAsync(second.RefreshToken);
        app.Time.Advance(TimeSpan.FromMinutes(5));

        using var response = await app.TryRefreshAsync(stolen.RefreshToken);

        await response.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        using var current = await app.TryRefreshAsync(third.RefreshToken);
        await current.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        Assert.Equal(HttpStatusCode.Unauthorized, await app.WriteAsync(third.AccessToken));
        Assert.Contains("user.refresh_token_reused", await app.AuditOfAsync(user));
        // The user's other sessions have nothing to do with it.
        await app.RefreshAsync(other.RefreshToken);
    }

    [Theory]
    [InlineData(29, true)]
    [InlineData(31, false)]
    public async Task Immediate_parent_is_taken_for_thirty_seconds(int seconds, bool taken)
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var parent = await app.SignInAsync(user);
        var child = await app.RefreshAsync(parent.RefreshToken);
        app.Time.Advance(TimeSpan.FromSeconds(seconds));

        using var response = await app.TryRefreshAsync(parent.RefreshToken);

        Assert.Equal(taken, response.IsSuccessStatusCode);
        using var after = await app.TryRefreshAsync(child.RefreshToken);
        Assert.Equal(taken, after.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Grandparent_is_taken_for_stolen_however_soon()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var grandparent = await app.SignInAsync(user);
        var parent = await app.RefreshAsync(grandparent.RefreshToken);
        await app.RefreshAsync(parent.RefreshToken);

        using var response = await app.TryRefreshAsync(grandparent.RefreshToken);

        await response.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        Assert.Equal(0, await app.SessionsOfAsync(user));
    }

    [Fact]
    public async Task Token_expires_after_fourteen_days_without_a_word_to_the_session()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var tokens = await app.SignInAsync(user);
        app.Time.Advance(TimeSpan.FromDays(14) - TimeSpan.FromSeconds(1));
        var last = await app.RefreshAsync(tokens.RefreshToken);
        app.Time.Advance(TimeSpan.FromDays(14));

        using var response = await app.TryRefreshAsync(last.RefreshToken);

        await response.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        Assert.DoesNotContain("user.refresh_token_reused", await app.AuditOfAsync(user));
    }

    [Fact]
    public async Task Session_ends_after_sixty_days_however_often_it_was_refreshed()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var tokens = await app.SignInAsync(user);
        for (var day = 10; day < 60; day += 10)
        {
            app.Time.Advance(TimeSpan.FromDays(10));
            tokens = await app.RefreshAsync(tokens.RefreshToken);
        }
        app.Time.Advance(TimeSpan.FromDays(10) - TimeSpan.FromSeconds(1));
        tokens = await app.RefreshAsync(tokens.RefreshToken);
        app.Time.Advance(TimeSpan.FromSeconds(1));

        using var response = await app.TryRefreshAsync(tokens.RefreshToken);

        await response.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_refresh_token");
    }

    [Fact]
    public async Task New_access_token_says_what_the_user_is_now()
    {
        var user = await app.CreateUserAsync("member", password: AuthWorld.Password);
        var tokens = await app.SignInAsync(user);
        await app.ExecuteAsync("update app.user set role = 'admin' where id = @Id", new { user.Id });

        var refreshed = await app.RefreshAsync(tokens.RefreshToken);

        Assert.Equal("admin", refreshed.Claims.GetProperty("role").GetString());
        Assert.Equal(HttpStatusCode.OK, await app.ReadAsync(refreshed.AccessToken));
    }

    [Fact]
    public async Task Disabled_user_is_refused_and_stays_signed_out_when_enabled_again()
    {
        var user = await app.CreateUserAsync("admin", password: AuthWorld.Password);
        var tokens = await app.SignInAsync(user);
        await app.ExecuteAsync("update app.user set status = 'disabled' where id = @Id", new { user.Id });

        using var disabled = await app.TryRefreshAsync(tokens.RefreshToken);
        await app.ExecuteAsync("update app.user set status = 'active' where id = @Id", new { user.Id });
        using var enabled = await app.TryRefreshAsync(tokens.RefreshToken);

        await disabled.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        await enabled.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_refresh_token");
    }

    [Fact]
    public async Task Suspended_organization_is_told_and_goes_on_when_it_is_active_again()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var tokens = await app.SignInAsync(user);
        await app.ExecuteAsync("update app.organization set status = 'suspended' where id = @OrganizationId", new { user.OrganizationId });

        using var suspended = await app.TryRefreshAsync(tokens.RefreshToken);
        await app.ExecuteAsync("update app.organization set status = 'active' where id = @OrganizationId", new { user.OrganizationId });

        await suspended.ProblemAsync(HttpStatusCode.Forbidden, "organization_suspended");
        await app.RefreshAsync(tokens.RefreshToken);
    }

    [Fact]
    public async Task Sign_out_during_a_refresh_leaves_no_token_that_works()
    {
        for (var round = 0; round < 5; round++)
        {
            var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
            var tokens = await app.SignInAsync(user);

            var refreshes = Enumerable.Range(0, 4).Select(_ => app.TryRefreshAsync(tokens.RefreshToken)).ToList();
            using var signedOut = await app.Http.PostAsync($"{AuthWorld.Auth}/logout", new { refresh_token = tokens.RefreshToken });
            await Task.WhenAll(refreshes);

            Assert.True(signedOut.IsSuccessStatusCode);
            Assert.Equal(0, await app.SessionsOfAsync(user));
            foreach (var refresh in refreshes.Select(refresh => refresh.Result).Where(response => response.IsSuccessStatusCode))
            {
                using var again = await app.TryRefreshAsync((await TestTokens.OfAsync(refresh)).RefreshToken);
                await again.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_refresh_token");
            }
        }
    }

    [Theory]
    [InlineData("{}", 422, "invalid")]
    [InlineData("""{"refresh_token": null}""", 422, "invalid")]
    [InlineData("""{"refresh_token": ""}""", 422, "invalid")]
    [InlineData("""{"refresh_token": "x", "grant_type": "password"}""", 422, "invalid")]
    [InlineData("""{"refresh_token": "x", "token": "x"}""", 401, "invalid_refresh_token")]
    [InlineData("""{"refresh_token": "nobody was given this"}""", 401, "invalid_refresh_token")]
    [InlineData("[]", 400, "not_an_object")]
    public async Task Invalid_refresh_token_is_refused(string body, int status, string code)
    {
        using var response = await app.Http.PostTextAsync($"{AuthWorld.Auth}/refresh", body);

        await response.ProblemAsync((HttpStatusCode)status, code);
    }

    [Fact]
    public async Task Access_token_is_no_refresh_token_nor_the_other_way_round()
    {
        var tokens = await app.SignInAsync(await app.CreateUserAsync("owner", password: AuthWorld.Password));

        using var tooLong = await app.TryRefreshAsync(tokens.AccessToken);

        await tooLong.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal(HttpStatusCode.Unauthorized, await app.ReadAsync(tokens.RefreshToken));
    }
}
