using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Core.Auth;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Organizations;

namespace SalesBrain.Tests.Auth;

/// <summary>An app of two processors, as far as passwords are concerned.</summary>
public sealed class TwoTurnsApp : SignInApp
{
    internal Passwords Passwords => Services.GetRequiredService<Passwords>();

    protected override void AddServices(IServiceCollection services) =>
        services.AddSingleton(provider => new Passwords(2, provider.GetRequiredService<TimeProvider>(), iterations: 1000));

    /// <summary>Takes a turn that nobody's share counts.</summary>
    internal async Task<PasswordTurn> HoldTurnAsync() =>
        (await Passwords.TakeTurnAsync(QueueKeys.None, TestContext.Current.CancellationToken))!;

    /// <summary>Waits until so many wait for a turn.</summary>
    internal Task WaitingAsync(int count) => Eventually.HoldsAsync(() => Passwords.Waiting >= count, $"{count} wait for a turn.");
}

/// <summary>One account, one address and one organization never hold up the sign-ins of others: counted in turns, not in seconds.</summary>
public sealed class HashingQueueTests(TwoTurnsApp app) : IClassFixture<TwoTurnsApp>
{
    [Theory]
    [InlineData("one account at one address")]
    [InlineData("accounts of one organization at many addresses")]
    [InlineData("accounts that do not exist at one address")]
    public async Task Sign_in_of_another_organization_is_among_the_next_two_however_many_wait(string flood)
    {
        var organization = await app.CreateOrganizationAsync();
        var flooders = new List<TestUser>();
        for (var number = 0; number < 5; number++)
        {
            flooders.Add(await app.CreateUserAsync("member", organization, password: AuthWorld.Password));
        }
        var victim = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var (address, begun) = (SignInApp.NewAddress(), new List<string?>());
        using var first = await app.HoldTurnAsync();
        var second = await app.HoldTurnAsync();
        app.Passwords.TurnBegins = keys =>
        {
            lock (begun)
            {
                begun.Add(keys.Organization);
            }
        };
        try
        {
            var flooding = Enumerable.Range(0, 100).Select(number => flood[..3] switch
            {
                "one" => app.TrySignInAsync(flooders[0].Email, from: address),
                _ when flood.Contains("not exist", StringComparison.Ordinal) =>
                    app.TrySignInAsync($"nobody{number}@flood.example", from: address),
                _ => app.TrySignInAsync(flooders[number % 5].Email),
            }).ToList();
            await app.WaitingAsync(100);
            var signIn = app.SignInAsync(victim);
            await app.WaitingAsync(101);

            second.Dispose();
            await signIn;

            int position;
            lock (begun)
            {
                position = begun.IndexOf($"{victim.OrganizationId}");
            }
            Assert.InRange(position, 0, 1);
            foreach (var response in await Task.WhenAll(flooding))
            {
                Assert.True(
                    response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests,
                    $"{response.StatusCode}");
                response.Dispose();
            }
        }
        finally
        {
            app.Passwords.TurnBegins = null;
        }
    }

    [Fact]
    public async Task Who_gets_no_turn_within_five_seconds_is_told_to_come_back()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var tokens = await app.SignInAsync(user);
        var invited = await app.CreateUserAsync("owner", status: "invited");
        var link = await app.InviteAsync(invited);
        var hashes = app.Passwords.Computed;
        using var first = await app.HoldTurnAsync();
        using var second = await app.HoldTurnAsync();
        Func<Task<HttpResponseMessage>>[] calls =
        [
            () => app.TrySignInAsync(user.Email),
            () => app.TrySignInAsync("nobody@busy.example"),
            () => app.CallAsync(
                tokens.AccessToken, HttpMethod.Put, $"{AuthWorld.Auth}/password",
                new { current_password = AuthWorld.Password, new_password = "another long password" }),
            () => app.TrySetPasswordAsync(link, "another long password"),
            () => app.CallAsync(
                tokens.AccessToken, HttpMethod.Post, CrmWorld.Users,
                new { email = $"{Guid.NewGuid():N}@busy.example", role = "member", password = "another long password" }),
            () => app.CallAsync(
                tokens.AccessToken, HttpMethod.Put, $"{CrmWorld.Users}/{user.Id}",
                new { email = $"{Guid.NewGuid():N}@busy.example", current_password = AuthWorld.Password }),
        ];

        foreach (var call in calls)
        {
            var answer = call();
            await app.WaitingAsync(1);
            app.Time.Advance(Passwords.LongestWait);

            using var response = await answer;
            await response.ProblemAsync(HttpStatusCode.TooManyRequests, "password_checks_busy");
            Assert.Equal(TimeSpan.FromSeconds(5), response.Headers.RetryAfter!.Delta);
        }

        Assert.Equal(hashes, app.Passwords.Computed);
        // Being busy is nobody's failure.
        Assert.Equal(0, await app.QuerySingleAsync<int>(
            "select count(*)::int from app.sign_in_attempt where key = encode(sha256('nobody@busy.example'), 'hex')"));
    }

    [Fact]
    public async Task Password_of_a_user_who_cannot_be_created_is_not_hashed()
    {
        var (place, other) = (await CrmPlace.CreateAsync(app), await CrmPlace.CreateAsync(app));
        using var owner = app.As(await place.CreateUserAsync(app, "owner"));
        using var staff = app.As(await place.CreateUserAsync(app, "agency_staff"));
        const string Password = "a long enough password";
        var (hashes, users) = (app.Passwords.Computed, await UsersAsync());

        var taken = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => owner.PostAsync(
            CrmWorld.Users, new { email = other.Staff.Email, role = "member", password = Password })));
        using var agency = await owner.PostAsync(
            CrmWorld.Users, new { email = "a@hash.example", role = "agency_staff", agency_id = other.AgencyId, password = Password });
        using var above = await app.As(await place.CreateUserAsync(app, "admin"))
            .PostAsync(CrmWorld.Users, new { email = "b@hash.example", role = "owner", password = Password });
        using var never = await staff.PostAsync(CrmWorld.Users, new { email = "c@hash.example", role = "member", password = Password });

        foreach (var response in taken)
        {
            await response.ProblemAsync(HttpStatusCode.Conflict, "already_exists");
            response.Dispose();
        }
        Assert.Equal("agency_id", (await agency.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        await above.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        await never.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(hashes, app.Passwords.Computed);
        Assert.Equal(users + 1, await UsersAsync());

        Task<int> UsersAsync() => app.QuerySingleAsync<int>("select count(*)::int from app.user");
    }

    [Fact]
    public async Task New_password_is_hashed_only_when_the_current_one_or_the_link_is_right()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var tokens = await app.SignInAsync(user);
        var hashes = app.Passwords.Computed;

        using var wrong = await app.CallAsync(
            tokens.AccessToken, HttpMethod.Put, $"{AuthWorld.Auth}/password",
            new { current_password = "not the password", new_password = "another long password" });
        using var made = await app.TrySetPasswordAsync("made-up", "another long password");

        Assert.Equal("current_password", (await wrong.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        await made.ProblemAsync(HttpStatusCode.Gone, "password_link_invalid");
        Assert.Equal(1, app.Passwords.Computed - hashes);
    }

    /// <summary>An account that does not exist waits in the same queue by the same rules.</summary>
    [Fact]
    public async Task Unknown_account_waits_like_a_known_one()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var turns = new List<(bool IsKnown, QueueKeys Keys)>();
        var isKnown = false;
        app.Passwords.TurnBegins = keys => turns.Add((isKnown, keys));
        try
        {
            var address = SignInApp.NewAddress();
            foreach (var email in new[] { user.Email, "nobody@queue.example" })
            {
                isKnown = email == user.Email;
                using var response = await app.TrySignInAsync(email, "not the password", address);
            }

            Assert.Equal([true, false], turns.Select(turn => turn.IsKnown));
            Assert.All(turns, turn => Assert.Equal(address, turn.Keys.Address));
            Assert.Distinct(turns.Select(turn => turn.Keys.Account));
        }
        finally
        {
            app.Passwords.TurnBegins = null;
        }
    }
}
