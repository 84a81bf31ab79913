using System.Net;
using SalesBrain.Tests.App;
using static SalesBrain.Tests.App.EmailChangeWorld;

namespace SalesBrain.Tests.Organizations;

/// <summary>What ends a change of an e-mail address before it is confirmed.</summary>
[Collection(SignInApp.Collection)]
public sealed class CancelEmailChangeTests(SignInApp app)
{
    [Fact]
    public async Task New_password_cancels_what_the_user_requested_and_not_what_an_administrator_did()
    {
        var owner = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var member = await app.CreateUserAsync("member", owner.OrganizationId, password: AuthWorld.Password);
        var (own, email) = (await app.RequestEmailAsync(owner, NewEmail()), NewEmail());
        using (var response = await app.PutUserAsync(app.TokenOf(owner), member, Body(email)))
        {
            await response.DataAsync();
        }

        foreach (var user in new[] { owner, member })
        {
            using var reset = await app.TrySetPasswordAsync(await app.RequestResetAsync(user), NewPassword);
            Assert.Equal(HttpStatusCode.OK, reset.StatusCode);
        }

        using var cancelled = await app.ConfirmEmailAsync(own);
        await cancelled.ProblemAsync(HttpStatusCode.Gone, "email_link_invalid");
        using var kept = await app.ConfirmEmailAsync(app.Mails.LastTokenTo(email));
        Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
    }

    [Fact]
    public async Task Change_of_the_password_cancels_it_too()
    {
        var owner = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        await app.RequestEmailAsync(owner, NewEmail());

        using var response = await app.CallAsync(
            (await app.SignInAsync(owner)).AccessToken, HttpMethod.Put, $"{AuthWorld.Auth}/password",
            new { current_password = AuthWorld.Password, new_password = NewPassword });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(0, await app.CountEmailChangesAsync(owner));
    }

    [Theory]
    [InlineData("PUT", "status")]
    [InlineData("DELETE", "")]
    [InlineData("PUT", "email")]
    public async Task Disabling_or_the_present_address_cancels_it(string method, string member)
    {
        var owner = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var user = await app.CreateUserAsync("member", owner.OrganizationId, password: AuthWorld.Password);
        var email = NewEmail();
        using (var requested = await app.PutUserAsync(app.TokenOf(owner), user, Body(email)))
        {
            await requested.DataAsync();
        }
        object? body = member switch
        {
            "status" => new { status = "disabled" },
            "email" => new { email = user.Email },
            _ => null,
        };

        using var response = await app.CallAsync(app.TokenOf(owner), new HttpMethod(method), PathOf(user), body);

        (await response.DataAsync()).AssertIncludes(new { email = user.Email, pending_email = (string?)null });
        Assert.Equal(0, await app.CountEmailChangesAsync(user));
        using var confirmed = await app.ConfirmEmailAsync(app.Mails.LastTokenTo(email));
        await confirmed.ProblemAsync(HttpStatusCode.Gone, "email_link_invalid");
    }

    [Fact]
    public async Task Another_request_replaces_the_first_and_the_same_one_mails_again()
    {
        var owner = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var (first, second) = (NewEmail(), NewEmail());

        var replaced = await app.RequestEmailAsync(owner, first);
        var resent = await app.RequestEmailAsync(owner, second);
        var last = await app.RequestEmailAsync(owner, second);

        foreach (var token in new[] { replaced, resent })
        {
            using var old = await app.ConfirmEmailAsync(token);
            await old.ProblemAsync(HttpStatusCode.Gone, "email_link_invalid");
        }
        using var confirmed = await app.ConfirmEmailAsync(last);
        Assert.Equal(second, (await confirmed.DataAsync()).GetProperty("email").GetString());
        Assert.Contains("user.email_change_resent", await app.AuditOfAsync(owner));
    }
}
