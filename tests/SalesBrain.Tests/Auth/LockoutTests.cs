using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Core.Auth;
using SalesBrain.Data.Auth;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Auth;

/// <summary>Failures to sign in make the account and the address wait; everything is counted in the database.</summary>
[Collection(SignInApp.Collection)]
public sealed class LockoutTests(SignInApp app)
{
    private const string Wrong = "not the password at all";

    [Fact]
    public async Task Five_failures_are_free_then_the_wait_doubles_up_to_fifteen_minutes()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var address = SignInApp.NewAddress();
        await FailAsync(user.Email, address, times: 5);
        Assert.Equal(0, await WaitAsync(address));

        var waits = new List<int>();
        while (waits.Count < 6)
        {
            await FailAsync(user.Email, address);
            waits.Add(await WaitAsync(address));
            app.Time.Advance(TimeSpan.FromSeconds(waits[^1]));
        }

        Assert.Equal([60, 120, 240, 480, 900, 900], waits);
    }

    [Fact]
    public async Task Right_password_is_refused_while_the_account_waits_and_taken_afterwards()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        await FailAsync(user.Email, times: 6);

        var refused = await RefusedAsync(user.Email, AuthWorld.Password);
        app.Time.Advance(TimeSpan.FromSeconds(refused - 1));
        var still = await RefusedAsync(user.Email, AuthWorld.Password);
        app.Time.Advance(TimeSpan.FromSeconds(still));

        await app.SignInAsync(user);
        Assert.Equal(0, await FailuresOfAsync(user.Email));
    }

    /// <summary>What is refused counts: whoever hammers waits longer, and Retry-After is always the truth.</summary>
    [Fact]
    public async Task Attempts_while_waiting_make_the_wait_longer()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        await FailAsync(user.Email, times: 6);

        Assert.Equal(120, await RefusedAsync(user.Email));
        Assert.Equal(240, await RefusedAsync(user.Email));
        Assert.Equal(480, await RefusedAsync(user.Email));
    }

    [Fact]
    public async Task Two_hundred_wrong_passwords_at_once_count_as_two_hundred_and_few_are_looked_at()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var address = SignInApp.NewAddress();
        var passwords = app.Services.GetRequiredService<Passwords>();
        var before = passwords.Computed;

        var statuses = await Task.WhenAll(Enumerable.Range(0, 200).Select(async number =>
        {
            using var response = await app.TrySignInAsync(user.Email, $"{Wrong} {number}", address);
            return response.StatusCode;
        }));

        Assert.All(statuses, status => Assert.True(status is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests, $"{status}"));
        Assert.Equal(200, await FailuresOfAsync(user.Email));
        Assert.Equal(200, await app.QuerySingleAsync<int>(
            "select failures from app.sign_in_attempt where kind = 'address' and key = @address", new { address }));
        // Six go through, and those that were looking when the sixth failed.
        Assert.InRange(passwords.Computed - before, 6, 6 + Environment.ProcessorCount);
        Assert.Equal(passwords.Computed - before, statuses.Count(status => status == HttpStatusCode.Unauthorized));
        using var right = await app.TrySignInAsync(user.Email);
        await right.ProblemAsync(HttpStatusCode.TooManyRequests, "too_many_attempts");
        Assert.Equal(900, right.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
    }

    [Fact]
    public async Task Right_passwords_at_once_are_all_taken()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var address = SignInApp.NewAddress();

        var tokens = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.SignInAsync(user, from: address)));

        Assert.Equal(20, tokens.Select(pair => pair.SessionId).Distinct().Count());
    }

    [Fact]
    public async Task Address_that_tries_many_accounts_waits_and_others_do_not()
    {
        var users = new List<TestUser>();
        for (var number = 0; number < 7; number++)
        {
            users.Add(await app.CreateUserAsync("member", password: AuthWorld.Password));
        }
        var address = SignInApp.NewAddress();
        foreach (var user in users.Take(6))
        {
            await FailAsync(user.Email, address);
        }

        using var refused = await app.TrySignInAsync(users[6].Email, from: address);
        await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "too_many_attempts");
        await app.SignInAsync(users[6]);
        await app.SignInAsync(users[0]);
    }

    [Fact]
    public async Task Addresses_of_one_IPv6_network_wait_together()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        for (var host = 1; host <= 6; host++)
        {
            await FailAsync($"nobody{host}@test.example", $"2001:db8:5:6::{host:x}");
        }

        using var neighbour = await app.TrySignInAsync(user.Email, from: "2001:db8:5:6:ffff::1");
        await neighbour.ProblemAsync(HttpStatusCode.TooManyRequests, "too_many_attempts");
        await app.SignInAsync(user, from: "2001:db8:5:7::1");
        Assert.Equal(7, await app.QuerySingleAsync<int>("select failures from app.sign_in_attempt where key = '2001:db8:5:6::/64'"));
    }

    [Fact]
    public async Task Invented_forwarding_is_not_believed()
    {
        var (client, proxied) = (SignInApp.NewAddress(), SignInApp.NewAddress());

        await FailAsync("nobody@forwarded.example", $"{client}, {proxied}");

        Assert.Equal(0, await app.QuerySingleAsync<int>("select count(*) from app.sign_in_attempt where key = @client", new { client }));
        Assert.Equal(1, await app.QuerySingleAsync<int>("select count(*) from app.sign_in_attempt where key = @proxied", new { proxied }));
    }

    [Fact]
    public async Task Slips_that_end_in_a_sign_in_do_not_count_for_a_shared_address()
    {
        var office = SignInApp.NewAddress();
        for (var number = 0; number < 4; number++)
        {
            var user = await app.CreateUserAsync("member", password: AuthWorld.Password);
            await FailAsync(user.Email, office, times: 3);
            await app.SignInAsync(user, from: office);
        }

        Assert.Equal(0, await app.QuerySingleAsync<int>("select failures from app.sign_in_attempt where key = @office", new { office }));
    }

    [Fact]
    public async Task Own_account_does_not_pay_for_attempts_on_others()
    {
        var attacker = await app.CreateUserAsync("member", password: AuthWorld.Password);
        var address = SignInApp.NewAddress();
        for (var number = 0; number < 4; number++)
        {
            await FailAsync($"victim{number}@test.example", address);
            await app.SignInAsync(attacker, from: address);
        }

        Assert.Equal(4, await app.QuerySingleAsync<int>("select failures from app.sign_in_attempt where key = @address", new { address }));
    }

    [Fact]
    public async Task Failures_are_forgotten_an_hour_after_the_last()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        await FailAsync(user.Email, times: 6);
        app.Time.Advance(SignInAttempts.Memory - TimeSpan.FromSeconds(1));
        await FailAsync(user.Email);
        Assert.Equal(7, await FailuresOfAsync(user.Email));

        app.Time.Advance(SignInAttempts.Memory + TimeSpan.FromSeconds(1));
        await FailAsync(user.Email);

        Assert.Equal(1, await FailuresOfAsync(user.Email));
    }

    [Fact]
    public async Task Password_reset_works_while_the_account_waits_and_ends_the_wait()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        await FailAsync(user.Email, times: 6);
        await RefusedAsync(user.Email);

        using var response = await app.TrySetPasswordAsync(await app.RequestResetAsync(user), "another long password");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await app.SignInAsync(user, "another long password");
    }

    [Fact]
    public async Task Account_that_does_not_exist_waits_like_one_that_does()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var invited = await app.CreateUserAsync("owner", status: "invited");
        var disabled = await app.CreateUserAsync("owner", password: AuthWorld.Password, status: "disabled");
        string[] emails = [user.Email, "nobody@lockout.example", invited.Email, disabled.Email];

        var stories = new List<IReadOnlyList<string>>();
        foreach (var email in emails)
        {
            var story = new List<string>();
            for (var attempt = 0; attempt < 9; attempt++)
            {
                using var response = await app.TrySignInAsync(email, Wrong);
                story.Add($"{(int)response.StatusCode} {response.Headers.RetryAfter} {(await response.JsonAsync()).WithoutTrace()}");
            }
            stories.Add(story);
        }

        Assert.Equal(
            [401, 401, 401, 401, 401, 401, 429, 429, 429],
            stories[0].Select(answer => int.Parse(answer[..3], CultureInfo.InvariantCulture)));
        Assert.All(stories, story => Assert.Equal(stories[0], story));
    }

    [Fact]
    public async Task Failures_of_an_account_are_audited_and_strangers_leave_nothing_readable()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var address = SignInApp.NewAddress();
        await FailAsync(user.Email, address);
        await FailAsync("my password by mistake", address);

        var entry = await app.QuerySingleJsonAsync("""
            select organization_id, actor_id, host(ip) as ip, a::text as entry
            from app.audit_log a where action = 'user.sign_in_failed' and entity_id = @Id
            """, new { user.Id });
        entry.AssertIncludes(new { organization_id = user.OrganizationId, actor_id = (Guid?)null, ip = address });
        Assert.DoesNotContain(Wrong, entry.GetProperty("entry").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(
            await app.QueryAsync<string>("select t::text from app.sign_in_attempt t union all select a::text from app.audit_log a"),
            row => row.Contains("by mistake", StringComparison.Ordinal));
    }

    private async Task FailAsync(string email, string? from = null, int times = 1)
    {
        for (var time = 0; time < times; time++)
        {
            using var response = await app.TrySignInAsync(email, Wrong, from);
            await response.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_credentials");
        }
    }

    /// <summary>Tries and is refused; answers for how many seconds.</summary>
    private async Task<int> RefusedAsync(string email, string password = Wrong)
    {
        using var response = await app.TrySignInAsync(email, password);
        await response.ProblemAsync(HttpStatusCode.TooManyRequests, "too_many_attempts");
        return (int)response.Headers.RetryAfter!.Delta!.Value.TotalSeconds;
    }

    /// <summary>How long the address has to wait after its last failure, in seconds.</summary>
    private Task<int> WaitAsync(string address) => app.QuerySingleAsync<int>(
        "select extract(epoch from app.sign_in_delay(failures))::int from app.sign_in_attempt where kind = 'address' and key = @address",
        new { address });

    private async Task<int> FailuresOfAsync(string email) =>
        (await app.QueryAsync<int>(
            "select failures from app.sign_in_attempt where kind = 'account' and key = encode(sha256(@email::bytea), 'hex')",
            new { email })).SingleOrDefault();
}
