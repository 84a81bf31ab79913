using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Security;

/// <summary>An app that logs everything it can.</summary>
public sealed class TalkativeApp() : SignInApp(LogLevel.Trace);

/// <summary>
/// Nothing that somebody could use, or that names a person, is in the log, however much is logged: messages, values, scopes and exceptions.
/// </summary>
public sealed class SecretsInLogsTests(TalkativeApp app) : IClassFixture<TalkativeApp>
{
    private readonly HashSet<string> _secrets = new(StringComparer.Ordinal);

    [Fact]
    public async Task Everything_that_people_and_senders_do_leaves_no_secret_in_the_log()
    {
        KeepSettings();
        await SignInAndOutAsync();
        await GuessAsync();
        await ForgetPasswordsAsync();
        await ChangeEmailsAsync();
        await ReceiveWebhooksAsync();
        await ReceiveFromWhatsappAsync();
        await WalkThroughOnboardingAsync();
        await FailAsync();
        await QuoteValuesAsync();
        foreach (var timer in FunctionCatalog.Load().Timers)
        {
            await app.Services.GetRequiredService<TimerRunner>().RunAsync(timer.Name, TestContext.Current.CancellationToken);
        }

        var log = string.Join('\n', app.Logs.Lines);
        Assert.Contains("Trace ", log, StringComparison.Ordinal);
        Assert.Contains("Debug ", log, StringComparison.Ordinal);
        Assert.True(_secrets.Count > 30, $"{_secrets.Count}");
        foreach (var secret in _secrets)
        {
            var line = app.Logs.Lines.FirstOrDefault(line => line.Contains(secret, StringComparison.OrdinalIgnoreCase));
            Assert.True(line is null, $"\"{secret}\" is in the log: {line}");
        }
    }

    private void KeepSettings()
    {
        var settings = app.Services.GetRequiredService<IConfiguration>();
        Secret(settings["Jwt:Keys:0:Secret"]!);
        Secret(settings["DataKeys:Keys:0:Secret"]!);
        Secret(new NpgsqlConnectionStringBuilder(app.Database.Tenant).Password!);
        Secret(new NpgsqlConnectionStringBuilder(app.Database.Platform).Password!);
    }

    private async Task SignInAndOutAsync()
    {
        var user = await UserAsync("owner", Secret("the password of an owner"));
        var first = Keep(await app.SignInAsync(user, "the password of an owner"));
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["username"] = user.Email,
            ["password"] = "the password of an owner",
        });
        Keep(await TestTokens.OfAsync(await app.Http.PostAsync($"{AuthWorld.Auth}/login", form)));
        await app.ReadAsync(first.AccessToken);
        var second = Keep(await app.RefreshAsync(first.RefreshToken));
        using var changed = await app.CallAsync(
            second.AccessToken, HttpMethod.Put, $"{AuthWorld.Auth}/password",
            new { current_password = "the password of an owner", new_password = Secret("the next password of an owner") });
        Assert.True(changed.IsSuccessStatusCode);
        var third = Keep(await app.RefreshAsync(second.RefreshToken));
        app.Time.Advance(TimeSpan.FromMinutes(1));
        // Twice used, which is logged as a warning.
        (await app.TryRefreshAsync(first.RefreshToken)).Dispose();
        Assert.Contains(app.Logs.Lines, line => line.Contains("was used twice", StringComparison.Ordinal));
        (await app.Http.PostAsync($"{AuthWorld.Auth}/logout", new { refresh_token = third.RefreshToken, all = true })).Dispose();
    }

    private async Task GuessAsync()
    {
        var user = await UserAsync("sb_admin", Secret("the password of an operator"));
        for (var attempt = 0; attempt < 8; attempt++)
        {
            (await app.TrySignInAsync(user.Email, Secret($"guessed password {attempt}"))).Dispose();
        }
        (await app.TrySignInAsync(Secret("password typed as e-mail address"), Secret("another password"))).Dispose();
        (await app.TryRefreshAsync(Secret("guessed-refresh-token"))).Dispose();
        await app.ReadAsync(Secret("guessed.access.token"));
    }

    private async Task ForgetPasswordsAsync()
    {
        var user = await UserAsync("member", Secret("forgotten password"));
        var token = Secret(await app.RequestResetAsync(user));
        (await app.TrySetPasswordAsync(token, Secret("short pass"))).Dispose();
        (await app.TrySetPasswordAsync(token, Secret("remembered password"))).Dispose();
        (await app.TrySetPasswordAsync(token, Secret("password after use"))).Dispose();
        (await app.TrySetPasswordAsync(Secret("guessed-link-token"), Secret("password by guess"))).Dispose();
        (await app.Http.PostAsync($"{AuthWorld.Auth}/password-reset", new { email = Secret("nobody@logs.example") })).Dispose();

        app.Mails.Fails = true;
        var offered = app.Mails.NextToAsync(user.Email);
        (await app.Http.PostAsync($"{AuthWorld.Auth}/password-reset", new { email = user.Email })).Dispose();
        await offered;
        app.Mails.Fails = false;

        var invited = await UserAsync("member", status: "invited");
        (await app.TrySetPasswordAsync(Secret(await app.InviteAsync(invited)), Secret("first password"))).Dispose();
    }

    private async Task ChangeEmailsAsync()
    {
        var (user, email) = (await UserAsync("owner", Secret("password of a mover")), Secret("moved@logs.example"));
        var tokens = await app.SignInAsync(user, "password of a mover");
        foreach (var password in new[] { Secret("not the mover's password"), "password of a mover" })
        {
            (await app.CallAsync(tokens.AccessToken, HttpMethod.Put, $"{CrmWorld.Users}/{user.Id}", new { email, current_password = password })).Dispose();
        }
        foreach (var token in new[] { Secret("guessed-email-token"), Secret(app.Mails.LastTokenTo(email)), app.Mails.LastTokenTo(email) })
        {
            (await app.Http.PostAsync($"{AuthWorld.Auth}/email-change/confirm", new { token })).Dispose();
        }
    }

    private async Task ReceiveWebhooksAsync()
    {
        var organization = await app.CreateOrganizationAsync();
        foreach (var mode in new[] { "token", "header", "basic", "hmac", "standard_webhooks" })
        {
            var endpoint = await app.CreateEndpointAsync(organization, mode: mode);
            Secret(endpoint.Token);
            if (endpoint.Secret is { Length: > 0 } secret)
            {
                Secret(secret);
            }
            var body = $$"""{"event_type": "email.replied", "timestamp": "2026-01-15T09:30:00Z", "email": "{{Secret($"lead.{mode}@prospect.example")}}", "reply_text": "{{Secret($"private words by {mode}")}}"}""";
            foreach (var (name, value) in endpoint.Sign(body, app.Time.GetUtcNow()))
            {
                Assert.False(string.IsNullOrEmpty(name));
                if (name is not "webhook-timestamp" and not "webhook-id")
                {
                    Secret(value);
                }
            }
            using var taken = await app.DeliverAsync(endpoint, body);
            Assert.True(taken.IsSuccessStatusCode);
            // Without what proves it, and by the token in a header.
            (await app.Http.PostTextAsync($"/api/webhooks/custom/{endpoint.Token}", "{}")).Dispose();
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/webhooks/custom")
            {
                Content = new StringContent("{}", Encoding.UTF8, "application/json"),
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", endpoint.Token);
            request.Headers.Add("X-Test", Secret($"wrong secret in {mode}"));
            (await app.Http.SendAsync(request)).Dispose();
        }
        (await app.Http.PostTextAsync($"/api/webhooks/custom/{Secret("guessed-webhook-token")}", "{}")).Dispose();

        using var admin = app.As(await app.CreateUserAsync("owner", organization));
        var made = await app.CreateEndpointAsync(organization, mode: "header");
        using var rotated = await admin.PostAsync(
            $"{made.Path}/rotate", new { what = "secret", secret = Secret("a secret that somebody chose for it") });
        Assert.True(rotated.IsSuccessStatusCode, await rotated.Content.ReadAsStringAsync());
    }

    private async Task ReceiveFromWhatsappAsync()
    {
        Secret(WhatsappDeliveries.Secret);
        var (line, person) = (await app.CreateWhatsappLineAsync(), Secret("155512377001"));
        var message = WhatsappDeliveries.Text(
            person, Secret("private words over WhatsApp"), app.Time.GetUtcNow(), Secret("wamid.of-a-private-message"));
        var body = WhatsappDeliveries.Delivery(
            line.Messages(person, message),
            (line with { PhoneNumberId = "100000000000777" }).Messages(person, (JsonObject)message.DeepClone()),
            line.Statuses(WhatsappDeliveries.Status("wamid.of-another-message", "failed", app.Time.GetUtcNow(), error: 131026)));
        (await app.Http.PostWhatsappAsync(body)).Dispose();
        (await app.Http.PostWhatsappAsync(body, "sha256=" + Secret(new string('a', 64)))).Dispose();
        (await app.Http.GetAsync(WhatsappDeliveries.Path + $"?hub.mode=subscribe&hub.challenge={Secret("7755331199")}&hub.verify_token={Secret("a-verify-token")}")).Dispose();
        (await app.Http.GetAsync(WhatsappDeliveries.Path + $"?hub.mode=subscribe&hub.verify_token={Secret("another-verify-token")}")).Dispose();
        await app.UntilProcessedAsync(line.OrganizationId);
        Assert.Equal(
            1, await app.QuerySingleAsync<int>("select count(*)::int from app.message where organization_id = @OrganizationId", line));
    }

    private async Task WalkThroughOnboardingAsync()
    {
        var link = await app.CreateOnboardingLinkAsync(welcome: Secret("words to welcome somebody"));
        Secret(link.Token);
        (await app.OpenAsync(link, from: Secret("198.18.77.77"))).Dispose();
        (await app.AdvanceAsync(link, 1, 20)).Dispose();
        (await app.CompleteAsync(link)).Dispose();
        (await app.OpenAsync(link)).Dispose();
        (await app.OpenAsync(link with { Token = Secret(OnboardingWorld.UnknownToken()) })).Dispose();
    }

    /// <summary>Failures are logged with their exception, whose text may quote what was sent.</summary>
    private async Task FailAsync()
    {
        var user = await UserAsync("owner", Secret("password during a failure"));
        await app.ExecuteAsync("alter function app.find_sign_in(text) rename to find_sign_in_gone");
        try
        {
            using var broken = await app.TrySignInAsync(user.Email, "password during a failure");
            Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, broken.StatusCode);
        }
        finally
        {
            await app.ExecuteAsync("alter function app.find_sign_in_gone(text) rename to find_sign_in");
        }
        Assert.Contains(app.Logs.Lines, line => line.Contains("not the one of this build", StringComparison.Ordinal));
        (await app.Http.PostTextAsync($"{AuthWorld.Auth}/login", $$"""{"email": "x", "password": "{{Secret("password in broken JSON")}}""")).Dispose();
    }

    /// <summary>
    /// Errors of the database whose text quotes a value: in a request, and in the timer that processes webhooks. Both get the value as a
    /// parameter.
    /// </summary>
    private async Task QuoteValuesAsync()
    {
        await app.ExecuteAsync("""
            alter function app.find_sign_in(text) rename to find_sign_in_kept;
            create function app.find_sign_in(wanted text) returns table (
                id uuid, organization_id uuid, email text, first_name text, last_name text, role text, agency_id uuid, client_id uuid, status text,
                password_hash text, organization_status text)
            language plpgsql as $$
            begin
                perform ('sign-in of ' || wanted)::uuid;
            end
            $$;
            grant execute on function app.find_sign_in(text) to salesbrain_platform;
            create function app.quote_contact() returns trigger language plpgsql as $$
            begin
                perform ('contact ' || new.email)::uuid;
                return new;
            end
            $$;
            create trigger quote_contact before insert on app.contact for each row execute function app.quote_contact();
            """);
        try
        {
            using var broken = await app.TrySignInAsync(Secret("quoted.user@logs.example"), Secret("password that is not checked"));
            Assert.Equal(System.Net.HttpStatusCode.InternalServerError, broken.StatusCode);
            var endpoint = await app.CreateEndpointAsync(await app.CreateOrganizationAsync());
            (await app.DeliverAsync(endpoint, $$"""{"event_type": "email.replied", "email": "{{Secret("quoted.lead@prospect.example")}}", "campaign_id": "c"}""")).Dispose();
            // The processor logs it right after the response, if the timer did not.
            await app.Services.GetRequiredService<TimerRunner>().RunAsync("ProcessPendingWebhooks", TestContext.Current.CancellationToken);
            await Eventually.HoldsAsync(IsLogged, "The failure is logged.");
        }
        finally
        {
            await app.ExecuteAsync("""
                drop function app.find_sign_in(text);
                alter function app.find_sign_in_kept(text) rename to find_sign_in;
                drop trigger quote_contact on app.contact;
                drop function app.quote_contact();
                """);
        }
        Assert.True(IsLogged());

        bool IsLogged() => app.Logs.Lines.Any(line =>
            line.Contains("could not be processed", StringComparison.Ordinal) && line.Contains("22P02", StringComparison.Ordinal));
    }

    private async Task<TestUser> UserAsync(string role, string? password = null, string status = "active")
    {
        var user = await app.CreateUserAsync(role, password: password, status: status);
        Secret(user.Email);
        return user;
    }

    private TestTokens Keep(TestTokens tokens)
    {
        Secret(tokens.AccessToken);
        Secret(tokens.RefreshToken);
        return tokens;
    }

    private string Secret(string secret)
    {
        _secrets.Add(secret);
        return secret;
    }
}
