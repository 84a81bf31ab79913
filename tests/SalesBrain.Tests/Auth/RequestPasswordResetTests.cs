using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Functions.Auth;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Auth;

[Collection(SignInApp.Collection)]
public sealed class RequestPasswordResetTests(SignInApp app)
{
    private const string Path = $"{AuthWorld.Auth}/password-reset";

    [Fact]
    public async Task Known_address_gets_a_mail_with_a_link_to_the_portal()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);

        var token = await app.RequestResetAsync(user);

        var mail = Assert.Single(app.Mails.To(user.Email));
        Assert.Equal("Set a new SalesBrain password", mail.Subject);
        Assert.Contains($"https://portal.example/set-password#token={token}\n", mail.Text, StringComparison.Ordinal);
        Assert.Equal(
            (app.Time.GetUtcNow() + TimeSpan.FromMinutes(45)).UtcDateTime,
            await app.QuerySingleAsync<DateTime>(
                "select expires_at from app.password_token where user_id = @Id and purpose = 'reset'", new { user.Id }),
            TimeSpan.FromMilliseconds(1));
        Assert.Equal(["user.password_reset_requested"], await app.AuditOfAsync(user));
    }

    [Fact]
    public async Task Address_is_found_in_any_spelling_and_mailed_as_it_is_stored()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var mail = app.Mails.NextToAsync(user.Email);

        using var response = await app.TryRequestResetAsync($" {user.Email.ToUpperInvariant()} ");

        await mail;
    }

    [Fact]
    public async Task Those_who_cannot_sign_in_get_no_mail_and_the_same_answer()
    {
        var suspended = await app.CreateOrganizationAsync(status: "suspended");
        var known = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        string[] others =
        [
            "nobody@reset.example",
            (await app.CreateUserAsync("owner", password: AuthWorld.Password, status: "disabled")).Email,
            (await app.CreateUserAsync("owner", status: "invited")).Email,
            (await app.CreateUserAsync("owner", suspended, password: AuthWorld.Password)).Email,
        ];

        var (answers, address) = (new List<string>(), SignInApp.NewAddress());
        foreach (var email in others.Append(known.Email))
        {
            var mail = email == known.Email ? app.Mails.NextToAsync(email) : Task.CompletedTask;
            using var response = await app.TryRequestResetAsync(email, address);
            answers.Add($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            await mail;
        }

        // Requests of an address are served in order: the mail to the last address came after nothing for the others.
        Assert.StartsWith("202", Assert.Single(answers.Distinct(StringComparer.Ordinal)));
        Assert.DoesNotContain(app.Mails.All, mail => others.Contains(mail.To));
    }

    /// <summary>Equal time by construction: the answer comes before anything is looked up.</summary>
    [Fact]
    public async Task Answer_waits_neither_for_the_database_nor_for_the_mail_server()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var opening = new TaskCompletionSource();
        app.Mails.Opens = opening.Task;
        try
        {
            var mail = app.Mails.NextToAsync(user.Email);
            using var first = await app.TryRequestResetAsync(user.Email);
            using var second = await app.TryRequestResetAsync("nobody@reset.example");

            Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
            Assert.Equal(HttpStatusCode.Accepted, second.StatusCode);
            Assert.False(mail.IsCompleted);
            opening.SetResult();
            await mail;
        }
        finally
        {
            app.Mails.Opens = Task.CompletedTask;
            opening.TrySetResult();
        }
    }

    [Fact]
    public async Task Three_links_at_a_time_bring_three_mails_and_work_side_by_side()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var first = await app.RequestResetAsync(user);
        await app.RequestResetAsync(user);
        await app.RequestResetAsync(user);
        (await app.TryRequestResetAsync(user.Email)).Dispose();
        await app.RequestResetAsync(await app.CreateUserAsync("owner", password: AuthWorld.Password));
        Assert.Equal(3, app.Mails.To(user.Email).Count);

        using var response = await app.TrySetPasswordAsync(first, "a new and longer password");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await app.RequestResetAsync(user);
    }

    [Fact]
    public async Task Failing_mail_server_leaves_no_link_behind_and_the_next_request_is_served()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var other = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        app.Mails.Fails = true;
        for (var attempt = 0; attempt < 4; attempt++)
        {
            var offered = app.Mails.NextToAsync(user.Email);
            (await app.TryRequestResetAsync(user.Email)).Dispose();
            await offered;
        }
        app.Mails.Fails = false;

        await app.RequestResetAsync(other);

        Assert.Equal(0, await app.QuerySingleAsync<int>("select count(*) from app.password_token where user_id = @Id", new { user.Id }));
        await app.RequestResetAsync(user);
    }

    [Fact]
    public async Task What_was_asked_for_is_done_before_the_process_ends()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var opening = new TaskCompletionSource();
        app.Mails.Opens = opening.Task;
        using var response = await app.TryRequestResetAsync(user.Email);

        var restart = app.RestartAsync();
        opening.SetResult();
        await restart;
        app.Mails.Opens = Task.CompletedTask;

        Assert.Single(app.Mails.To(user.Email));
    }

    [Fact]
    public async Task Flood_from_one_address_displaces_nobody_and_fills_no_log()
    {
        var victims = new List<TestUser>();
        for (var number = 0; number < 3; number++)
        {
            victims.Add(await app.CreateUserAsync("owner", password: AuthWorld.Password));
        }
        var (resets, flooder) = (app.Services.GetRequiredService<PasswordResets>(), IPAddress.Parse(SignInApp.NewAddress()));
        var (opening, ignored) = (new TaskCompletionSource(), Ignored());
        app.Time.Advance(TimeSpan.FromMinutes(2));
        app.Mails.Opens = opening.Task;
        try
        {
            for (var number = 0; number < 24_000; number++)
            {
                resets.Add($"nobody{number}@flood.example", flooder);
            }
            var mails = victims.Select(victim => app.Mails.NextToAsync(victim.Email)).ToList();
            foreach (var victim in victims)
            {
                (await app.TryRequestResetAsync(victim.Email)).Dispose();
            }
            opening.SetResult();
            await Task.WhenAll(mails);
        }
        finally
        {
            app.Mails.Opens = Task.CompletedTask;
            opening.TrySetResult();
        }

        Assert.Equal(1, Ignored() - ignored);
        Assert.InRange(await app.QuerySingleAsync<int>(
            "select coalesce(max(cardinality(counted_at)), 0)::int from app.mail_limit where kind = 'reset_address' and key = @key",
            new { key = $"{flooder}" }), 0, 5);
    }

    [Fact]
    public async Task Account_is_served_five_times_an_hour_and_then_nothing_happens()
    {
        var (user, after) = (await app.CreateUserAsync("owner", password: AuthWorld.Password), await app.CreateUserAsync("owner", password: AuthWorld.Password));
        for (var number = 0; number < 5; number++)
        {
            await app.RequestResetAsync(user);
            // Used, so that the links at a time are not what limits.
            await app.ExecuteAsync("update app.password_token set used_at = now() where user_id = @Id", new { user.Id });
        }

        await AskInVainAsync(user.Email, after);

        Assert.Equal(5, app.Mails.To(user.Email).Count);
        app.Time.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1));
        await app.RequestResetAsync(user);
    }

    [Fact]
    public async Task Address_is_served_five_times_an_hour_and_costs_the_account_nothing_beyond()
    {
        var address = SignInApp.NewAddress();
        var (user, after) = (await app.CreateUserAsync("owner", password: AuthWorld.Password), await app.CreateUserAsync("owner", password: AuthWorld.Password));
        for (var number = 0; number < 5; number++)
        {
            (await app.TryRequestResetAsync($"nobody{number}@limit.example", address)).Dispose();
        }

        await AskInVainAsync(user.Email, after, address);

        Assert.Empty(app.Mails.To(user.Email));
        Assert.Empty(
            await app.QueryAsync<string>(
                "select key from app.mail_limit where kind = 'reset_account' and key = encode(sha256(@Email::bytea), 'hex')",
                new { user.Email }));
        await app.RequestResetAsync(user);
    }

    /// <summary>A request that brings no mail; the mail to another user, who asks later, shows that it was looked at.</summary>
    private async Task AskInVainAsync(string email, TestUser later, string? from = null)
    {
        using var response = await app.TryRequestResetAsync(email, from);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await app.RequestResetAsync(later);
    }

    private int Ignored() => app.Logs.Lines.Count(line => line.Contains("were ignored", StringComparison.Ordinal));

    [Theory]
    [InlineData("{}", 422, "invalid")]
    [InlineData("""{"email": null}""", 422, "invalid")]
    [InlineData("""{"email": "a\u0000@b.example"}""", 422, "invalid")]
    [InlineData("""{"email": "a@b.example", "mail": "x"}""", 422, "invalid")]
    [InlineData("[]", 400, "not_an_object")]
    public async Task Bad_input_is_refused(string body, int status, string code)
    {
        using var response = await app.Http.PostTextAsync(Path, body);

        await response.ProblemAsync((HttpStatusCode)status, code);
    }
}
