using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Core.Auth;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Auth;

/// <summary>
/// Whether an e-mail address has an account must not show in how long a failing sign-in takes. Times on a shared machine prove nothing
/// either way, so the work is counted instead: the same statements as often, and one password hash, whose price is the same for an account
/// that does not exist (<c>PasswordsTests.Missing_hash_is_wrong_at_the_price_of_a_real_one</c>). Against those some 200 ms the rest is
/// noise.
/// </summary>
public sealed class SignInWorkTests(SignInApp app) : IClassFixture<SignInApp>
{
    [Fact]
    public async Task Failing_sign_in_is_the_same_work_whoever_is_asked_for()
    {
        string[] emails =
        [
            (await app.CreateUserAsync("owner", password: AuthWorld.Password)).Email,
            (await app.CreateUserAsync("sb_admin", password: AuthWorld.Password)).Email,
            (await app.CreateUserAsync("owner", password: AuthWorld.Password, status: "disabled")).Email,
            (await app.CreateUserAsync("owner", status: "invited")).Email,
            "nobody@work.example",
            "",
        ];

        // A new connection asks for things of its own.
        await WorkOfAsync("somebody@work.example", HttpStatusCode.Unauthorized);
        var works = new List<(IReadOnlyList<string> Statements, long Hashes)>();
        foreach (var email in emails)
        {
            works.Add(await WorkOfAsync(email, HttpStatusCode.Unauthorized));
        }

        Assert.All(works, work => Assert.Equal(1, work.Hashes));
        Assert.All(works, work => Assert.Equal(works[0].Statements, work.Statements));
        Assert.NotEmpty(works[0].Statements);
    }

    [Fact]
    public async Task Attempt_that_has_to_wait_is_the_same_work_too_and_no_hash()
    {
        string[] emails = [(await app.CreateUserAsync("owner", password: AuthWorld.Password)).Email, "nobody@waiting.example"];
        var works = new List<(IReadOnlyList<string> Statements, long Hashes)>();
        foreach (var email in emails)
        {
            for (var failure = 0; failure < 6; failure++)
            {
                using var response = await app.TrySignInAsync(email, "not the password");
            }
            works.Add(await WorkOfAsync(email, HttpStatusCode.TooManyRequests));
        }

        Assert.All(works, work => Assert.Equal(0, work.Hashes));
        Assert.Equal(works[0].Statements, works[1].Statements);
    }

    [Fact]
    public async Task Sign_in_renews_a_hash_of_weaker_parameters()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var weak = new Microsoft.AspNetCore.Identity.PasswordHasher<object>(Microsoft.Extensions.Options.Options.Create(
            new Microsoft.AspNetCore.Identity.PasswordHasherOptions { IterationCount = 900 })).HashPassword(new object(), AuthWorld.Password);
        await app.ExecuteAsync("update app.user set password_hash = @weak where id = @Id", new { weak, user.Id });

        await app.SignInAsync(user);

        var renewed = await app.QuerySingleAsync<string>("select password_hash from app.user where id = @Id", new { user.Id });
        Assert.NotEqual(weak, renewed);
        using (var turn = await app.Services.GetRequiredService<Passwords>().TakeTurnAsync(QueueKeys.None, TestContext.Current.CancellationToken))
        {
            Assert.Equal(PasswordCheck.Right, turn!.Verify(renewed, AuthWorld.Password));
        }
        await app.SignInAsync(user);
        Assert.Equal(renewed, await app.QuerySingleAsync<string>("select password_hash from app.user where id = @Id", new { user.Id }));
    }

    private async Task<(IReadOnlyList<string> Statements, long Hashes)> WorkOfAsync(string email, HttpStatusCode expected)
    {
        var passwords = app.Services.GetRequiredService<Passwords>();
        var hashes = passwords.Computed;
        var statements = await app.StatementsAsync(async () =>
        {
            using var response = await app.TrySignInAsync(email, "not the password");
            Assert.Equal(expected, response.StatusCode);
        });
        return (statements, passwords.Computed - hashes);
    }
}
