using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;
using static SalesBrain.Tests.App.EmailChangeWorld;

namespace SalesBrain.Tests.Organizations;

/// <summary>A new e-mail address counts once it is confirmed, and an access token alone does not change one's own.</summary>
[Collection(SignInApp.Collection)]
public sealed class ChangeEmailTests(SignInApp app)
{
    [Theory]
    [InlineData(null)]
    [InlineData("not the password")]
    public async Task Own_address_is_not_changed_without_the_current_password(string? password)
    {
        var owner = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var (tokens, row) = (await app.SignInAsync(owner), await app.RowAsync("user", owner.Id));

        using var response = await app.PutUserAsync(tokens.AccessToken, owner, Body(NewEmail(), password));

        Assert.Equal("current_password", (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal(row, await app.RowAsync("user", owner.Id));
        Assert.Equal(0, await app.CountEmailChangesAsync(owner));
        Assert.Empty(app.Mails.To(owner.Email));
        Assert.Equal(password is not null, (await app.AuditOfAsync(owner)).Contains("user.sign_in_failed"));
    }

    [Fact]
    public async Task Guesses_of_the_current_password_are_locked_out()
    {
        var owner = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var tokens = await app.SignInAsync(owner);
        for (var failure = 0; failure < 6; failure++)
        {
            (await app.PutUserAsync(tokens.AccessToken, owner, Body(NewEmail(), "not the password"))).Dispose();
        }

        using var response = await app.PutUserAsync(tokens.AccessToken, owner, Body(NewEmail(), AuthWorld.Password));

        await response.ProblemAsync(HttpStatusCode.TooManyRequests, "too_many_attempts");
        Assert.Equal(0, await app.CountEmailChangesAsync(owner));
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("sb_admin")]
    public async Task Own_address_counts_once_it_is_confirmed(string role)
    {
        var user = await app.CreateUserAsync(role, password: AuthWorld.Password);
        var (tokens, email) = (await app.SignInAsync(user), NewEmail());

        using var response = await app.PutUserAsync(tokens.AccessToken, user, Body($" {email} ", AuthWorld.Password));

        var answer = await response.JsonAsync();
        answer.GetProperty("data").AssertIncludes(new { email = user.Email, pending_email = email });
        Assert.Contains("once it is confirmed", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains(
            $"https://portal.example/confirm-email#token={app.Mails.LastTokenTo(email)}\n", Assert.Single(app.Mails.To(email)).Text,
            StringComparison.Ordinal);
        var notice = Assert.Single(app.Mails.To(user.Email)).Text;
        Assert.Contains("If this was not you", notice, StringComparison.Ordinal);
        Assert.DoesNotMatch("://|@", notice);
        // Until then everything is as it was.
        tokens = await app.SignInAsync(user);
        using (var early = await app.TrySignInAsync(email))
        {
            await early.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_credentials");
        }
        var link = await app.RequestResetAsync(user);

        using var confirmed = await app.ConfirmEmailAsync(app.Mails.LastTokenTo(email));

        Assert.Equal(email, (await confirmed.DataAsync()).GetProperty("email").GetString());
        (await app.GetUserAsync(tokens.AccessToken, user)).AssertIncludes(new { email, pending_email = (string?)null });
        Assert.Equal(email, await app.QuerySingleAsync<string>("select email_norm from app.user where id = @Id", new { user.Id }));
        await app.SignInAsync(user with { Email = email });
        using (var late = await app.TrySignInAsync(user.Email))
        {
            await late.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_credentials");
        }
        // Links that went to the old address have ended.
        using var reset = await app.TrySetPasswordAsync(link, NewPassword);
        await reset.ProblemAsync(HttpStatusCode.Gone, "password_link_invalid");
        await app.RequestResetAsync(user with { Email = email });
        var entry = Assert.Single(await app.AuditOfAsync(user.Id), entry => entry.Action == "user.email_changed");
        Assert.Equivalent(new { ActorId = user.Id, user.OrganizationId }, entry);
        Assert.True(JsonElement.DeepEquals(
            JsonSerializer.SerializeToElement(new { before = new { email = user.Email }, after = new { email } }),
            entry.Json), entry.Changes);
    }

    [Fact]
    public async Task Link_works_once_for_a_day_and_sets_no_password()
    {
        var owner = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var (token, late) = (await app.RequestEmailAsync(owner, NewEmail()), await app.RequestEmailAsync(await app.CreateUserAsync("owner", password: AuthWorld.Password), NewEmail()));
        using (var password = await app.TrySetPasswordAsync(token, NewPassword))
        {
            await password.ProblemAsync(HttpStatusCode.Gone, "password_link_invalid");
        }
        using (var reset = await app.ConfirmEmailAsync(await app.RequestResetAsync(owner)))
        {
            await reset.ProblemAsync(HttpStatusCode.Gone, "email_link_invalid");
        }

        var statuses = await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ =>
        {
            using var response = await app.ConfirmEmailAsync(token);
            return response.StatusCode;
        }));

        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.Gone, HttpStatusCode.Gone, HttpStatusCode.Gone, HttpStatusCode.Gone], statuses.Order());
        app.Time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));
        using var expired = await app.ConfirmEmailAsync(late);
        await expired.ProblemAsync(HttpStatusCode.Gone, "email_link_invalid");
    }

    [Fact]
    public async Task Administrators_change_ends_the_sessions_and_tells_the_old_address()
    {
        var owner = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var member = await app.CreateUserAsync("member", owner.OrganizationId, password: AuthWorld.Password);
        var (tokens, email) = (await app.SignInAsync(member), NewEmail());
        await app.SignInAsync(member);

        using var response = await app.PutUserAsync(app.TokenOf(owner), member, Body(email));

        (await response.DataAsync()).AssertIncludes(new { email = member.Email, pending_email = email });
        Assert.Equal(0, await app.SessionsOfAsync(member));
        Assert.Equal(HttpStatusCode.Unauthorized, await app.ReadAsync(tokens.AccessToken));
        using var refreshed = await app.TryRefreshAsync(tokens.RefreshToken);
        await refreshed.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        Assert.Equal(1, await app.SessionsOfAsync(owner));
        Assert.Contains("signed out on all devices", Assert.Single(app.Mails.To(member.Email)).Text, StringComparison.Ordinal);
        var entry = Assert.Single(await app.AuditOfAsync(member.Id), entry => entry.Action == "user.updated");
        Assert.Equal(owner.Id, entry.ActorId);
        Assert.True(JsonElement.DeepEquals(
            JsonSerializer.SerializeToElement(
                new { before = new { pending_email = (string?)null }, after = new { pending_email = email } }),
            entry.Json), entry.Changes);
        using var confirmed = await app.ConfirmEmailAsync(app.Mails.LastTokenTo(email));
        await confirmed.DataAsync();
        await app.SignInAsync(member with { Email = email });
    }

    [Fact]
    public async Task Address_of_somebody_is_refused_when_it_is_requested_and_when_it_is_confirmed()
    {
        var (owner, other) = (await app.CreateUserAsync("owner", password: AuthWorld.Password), await app.CreateUserAsync("owner"));
        var (tokens, email) = (await app.SignInAsync(owner), NewEmail());

        using var taken = await app.PutUserAsync(tokens.AccessToken, owner, Body(other.Email.ToUpperInvariant(), "not even the password"));
        var token = await app.RequestEmailAsync(owner, email);
        await app.ExecuteAsync("update app.user set email = @email, email_norm = @email where id = @Id", new { email, other.Id });
        using var late = await app.ConfirmEmailAsync(token);

        await taken.ProblemAsync(HttpStatusCode.Conflict, "already_exists");
        Assert.DoesNotContain("user.sign_in_failed", await app.AuditOfAsync(owner));
        await late.ProblemAsync(HttpStatusCode.Conflict, "already_exists");
        (await app.GetUserAsync(tokens.AccessToken, owner)).AssertIncludes(new { email = owner.Email, pending_email = email });
    }

    [Fact]
    public async Task Address_is_changed_three_times_a_day()
    {
        var owner = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        for (var time = 0; time < 3; time++)
        {
            await app.RequestEmailAsync(owner, NewEmail());
        }
        var (tokens, email) = (await app.SignInAsync(owner), NewEmail());

        using var response = await app.PutUserAsync(tokens.AccessToken, owner, Body(email, AuthWorld.Password));

        await response.ProblemAsync(HttpStatusCode.TooManyRequests, "too_many_mails");
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromHours(23), TimeSpan.FromDays(1));
        Assert.Empty(app.Mails.To(email));
        Assert.Equal(3, app.Mails.To(owner.Email).Count);
    }

    [Fact]
    public async Task Pending_address_is_shown_to_the_user_and_to_those_who_may_change_the_user()
    {
        var owner = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var (member, colleague, admin) = (
            await app.CreateUserAsync("member", owner.OrganizationId), await app.CreateUserAsync("member", owner.OrganizationId),
            await app.CreateUserAsync("admin", owner.OrganizationId));
        var email = NewEmail();
        using (var requested = await app.PutUserAsync(app.TokenOf(owner), member, Body(email)))
        {
            await requested.DataAsync();
        }

        foreach (var (reader, shown) in new[] { (owner, email), (admin, email), (member, email), (colleague, null) })
        {
            (await app.GetUserAsync(app.TokenOf(reader), member)).AssertIncludes(new { email = member.Email, pending_email = shown });
        }
        using var list = await app.CallAsync(
            app.TokenOf(admin), HttpMethod.Get, $"{CrmWorld.Users}?organization_id={owner.OrganizationId}");
        Assert.Equal(
            [email],
            (await list.JsonAsync()).GetProperty("data").EnumerateArray()
                .Select(user => user.GetProperty("pending_email").GetString()).OfType<string>());
    }

    /// <summary>Nobody has signed in with the old address, so nobody is asked: the invitation goes to the new one.</summary>
    [Fact]
    public async Task Invited_user_is_invited_at_the_new_address_at_once()
    {
        var owner = await app.CreateUserAsync("owner");
        var invited = await app.CreateUserAsync("member", owner.OrganizationId, status: "invited");
        var (old, email) = (await app.InviteAsync(invited), NewEmail());

        using var response = await app.PutUserAsync(app.TokenOf(owner), invited, Body(email));

        (await response.DataAsync()).AssertIncludes(new { email, pending_email = (string?)null });
        Assert.Empty(app.Mails.To(invited.Email));
        using var early = await app.TrySetPasswordAsync(old, NewPassword);
        await early.ProblemAsync(HttpStatusCode.Gone, "password_link_invalid");
        using var set = await app.TrySetPasswordAsync(app.Mails.LastTokenTo(email), NewPassword);
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
    }

    [Fact]
    public async Task Token_is_kept_as_a_hash_and_written_nowhere()
    {
        var owner = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var token = await app.RequestEmailAsync(owner, NewEmail());

        Assert.Equal(
            Core.Security.OpaqueTokens.Hash(token),
            await app.QuerySingleAsync<byte[]>("select token_hash from app.email_change where user_id = @Id", new { owner.Id }));
        Assert.DoesNotContain(app.Logs.Lines, line => line.Contains(token, StringComparison.Ordinal));
        Assert.DoesNotContain(
            await app.QueryAsync<string>("select a::text from app.audit_log a"), row => row.Contains(token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_mail_server_the_answer_says_so()
    {
        var owner = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var tokens = await app.SignInAsync(owner);
        app.Mails.Fails = true;
        try
        {
            using var response = await app.PutUserAsync(tokens.AccessToken, owner, Body(NewEmail(), AuthWorld.Password));

            Assert.Contains(
                "could not be e-mailed", (await response.JsonAsync()).GetProperty("message").GetString(), StringComparison.Ordinal);
        }
        finally
        {
            app.Mails.Fails = false;
        }
    }
}
