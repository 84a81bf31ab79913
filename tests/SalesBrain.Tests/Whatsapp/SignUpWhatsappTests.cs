using System.Net;
using SalesBrain.LocalHost.Sandbox.Whatsapp;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Whatsapp;

/// <summary>Connecting an organization's account, step by step.</summary>
[Collection(WhatsappApp.Collection)]
public sealed class SignUpWhatsappTests(WhatsappApp app)
{
    private static readonly string[] AllCalls =
        ["GET debug_token", "GET phone_numbers", "POST subscribed_apps", "POST register", "GET number"];

    [Fact]
    public async Task Signup_connects_the_account_with_all_its_steps()
    {
        var (owner, account) = (await app.CreateUserAsync("owner"), app.Sandbox.Add(new WhatsappSandboxAccount()));

        var shown = await (await SignUpAsync(owner, account)).DataAsync();

        shown.AssertIncludes(new
        {
            status = "configured",
            waba_id = account.WabaId,
            phone_number_id = account.Numbers[0].Id,
            display_number = account.Numbers[0].DisplayNumber,
            verified_name = "Sandbox",
            quality = "GREEN",
            coexists = false,
            token_last4 = account.Token[^4..],
            granted_scopes = account.Scopes,
            messages_per_second = 80,
            connected_by = owner.Id,
        });
        Assert.Equal(
            ["token_checked done", "number_found done", "subscribed done", "registered done"],
            shown.GetProperty("steps").EnumerateArray().Select(step => $"{step.GetProperty("name")} {step.GetProperty("state")}"));
        // A list of numbers is read until a page is empty.
        Assert.Equal(AllCalls, account.Calls.Distinct());
        Assert.True(account.IsSubscribed);
        Assert.Matches("^[0-9]{6}$", account.Numbers[0].Pin!);
        Assert.Equal(account.Numbers[0].Pin, await app.StoredPinAsync(owner.OrganizationId!.Value));
        Assert.Equal(
            ["whatsapp_account.connected", "whatsapp_account.signup_started"],
            (await app.WhatsappAuditAsync(owner.OrganizationId!.Value)).Order(StringComparer.Ordinal));
        (await app.QuerySingleJsonAsync(
            "select c.is_configured, c.phone_number_id from app.tenant_whatsapp_config c where c.organization_id = @OrganizationId", new { owner.OrganizationId }))
            .AssertIncludes(new { is_configured = true, phone_number_id = account.Numbers[0].Id });
    }

    [Fact]
    public async Task Coexistence_without_a_phone_number_finds_the_number_and_does_not_register_it()
    {
        var (owner, account) = (await app.CreateUserAsync("owner"), app.Sandbox.Add(new WhatsappSandboxAccount()));

        var shown = await (await SendAsync(owner, new { code = app.Sandbox.CreateCode(account), waba_id = account.WabaId })).DataAsync();

        shown.AssertIncludes(
            new { status = "configured", coexists = true, phone_number_id = account.Numbers[0].Id, messages_per_second = 20 });
        Assert.Equal("not_needed", shown.GetProperty("steps")[3].GetProperty("state").GetString());
        Assert.DoesNotContain("POST register", account.Calls);
        Assert.Null(account.Numbers[0].Pin);
    }

    [Fact]
    public async Task Account_that_is_not_named_is_the_only_one_that_was_granted()
    {
        var (owner, account) = (await app.CreateUserAsync("admin"), app.Sandbox.Add(new WhatsappSandboxAccount()));
        (await (await SendAsync(owner, new { code = app.Sandbox.CreateCode(account), phone_number_id = account.Numbers[0].Id })).DataAsync())
            .AssertIncludes(new { status = "configured", waba_id = account.WabaId });

        account.GrantedWabaIds = [account.WabaId, "299999999999999"];
        var another = await app.CreateUserAsync("owner");
        using var refused = await SendAsync(another, new { code = app.Sandbox.CreateCode(account) });
        Assert.Contains(
            "waba_id", (await refused.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).GetProperty("errors").GetRawText(),
            StringComparison.Ordinal);
    }

    /// <summary>The token is for other accounts than the browser says: it is forgotten at once.</summary>
    [Fact]
    public async Task Account_of_somebody_else_is_refused()
    {
        var (owner, account) = (await app.CreateUserAsync("owner"), app.Sandbox.Add(new WhatsappSandboxAccount()));
        var foreign = app.Sandbox.Add(new WhatsappSandboxAccount());

        using var response = await SendAsync(
            owner, new { code = app.Sandbox.CreateCode(account), waba_id = foreign.WabaId, phone_number_id = foreign.Numbers[0].Id });

        await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "whatsapp_account_not_granted");
        await AssertRefusedAsync(owner, account, "whatsapp_account_not_granted");
        Assert.Empty(foreign.Calls);
    }

    [Theory]
    [InlineData("app")]
    [InlineData("invalid")]
    [InlineData("scope")]
    public async Task Token_that_cannot_be_used_is_refused_and_forgotten(string why)
    {
        var (owner, account) = (await app.CreateUserAsync("owner"), app.Sandbox.Add(new WhatsappSandboxAccount()));
        account.TokenAppId = why == "app" ? "900000000000002" : account.TokenAppId;
        account.IsTokenValid = why != "invalid";
        account.Scopes.RemoveAll(scope => why == "scope" && scope == "whatsapp_business_messaging");

        using var response = await SignUpAsync(owner, account);

        await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "whatsapp_token_refused");
        await AssertRefusedAsync(owner, account, "whatsapp_token_refused");
    }

    [Fact]
    public async Task Code_works_once_and_for_a_short_time()
    {
        var (owner, account) = (await app.CreateUserAsync("owner"), app.Sandbox.Add(new WhatsappSandboxAccount()));
        var code = app.Sandbox.CreateCode(account);
        Assert.NotNull((await app.Api.ExchangeCodeAsync(code, TestContext.Current.CancellationToken)).Value);
        var late = app.Sandbox.CreateCode(account);
        app.Time.Advance(TimeSpan.FromSeconds(31));

        foreach (var refused in new[] { code, late, "never-issued" })
        {
            using var response = await SendAsync(
                owner, new { code = refused, waba_id = account.WabaId, phone_number_id = account.Numbers[0].Id });
            await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "whatsapp_code_refused");
        }
        Assert.Empty(await app.QueryAsync<int>(
            "select 1 from app.whatsapp_account where organization_id = @OrganizationId", new { owner.OrganizationId }));
        Assert.Empty(account.Calls);
    }

    /// <summary>Meta did not answer a step: the account stays pending, and a request without a code does the rest.</summary>
    [Theory]
    [InlineData("debug_token", 0)]
    [InlineData("phone_numbers", 1)]
    [InlineData("subscribed_apps", 2)]
    [InlineData("register", 3)]
    public async Task Signup_is_continued_at_the_step_that_failed(string step, int done)
    {
        var (owner, account) = (await app.CreateUserAsync("owner"), app.Sandbox.Add(new WhatsappSandboxAccount()));
        account.Failures[step] = (503, null);
        using (var failed = await SignUpAsync(owner, account))
        {
            await failed.ProblemAsync(HttpStatusCode.BadGateway, "whatsapp_unavailable");
        }
        using var client = app.As(owner);
        var pending = await (await client.GetAsync(WhatsappWorld.Account)).DataAsync();
        Assert.Equal("pending", pending.GetProperty("status").GetString());
        Assert.Equal(done, pending.GetProperty("steps").EnumerateArray().Count(state => state.GetProperty("state").GetString() == "done"));
        account.Failures.Clear();
        account.Calls.Clear();

        (await (await SendAsync(owner, new { })).DataAsync())
            .AssertIncludes(new { status = "configured", phone_number_id = account.Numbers[0].Id });

        Assert.Equal(AllCalls.Skip(done), account.Calls.Distinct());
    }

    /// <summary>The process died after a call and before it was stored: the call is repeated, and the rest follows.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Signup_whose_process_died_between_two_steps_is_continued(int stored)
    {
        var (owner, account) = (await app.CreateUserAsync("owner"), app.Sandbox.Add(new WhatsappSandboxAccount()));
        await (await SignUpAsync(owner, account)).DataAsync();
        var pin = account.Numbers[0].Pin;
        var lost = WhatsappWorld.StepColumns.Skip(stored).Select(column => $", {column} = null");
        var noNumber = stored < 2 ? ", phone_number_id = null" : "";
        await app.ExecuteAsync(
            $"update app.whatsapp_account set status = 'pending', connected_at = null{noNumber}{string.Concat(lost)} "
            + "where organization_id = @OrganizationId",
            new { owner.OrganizationId });
        account.Calls.Clear();

        (await (await SendAsync(owner, new { })).DataAsync())
            .AssertIncludes(new { status = "configured", phone_number_id = account.Numbers[0].Id });

        Assert.Equal(AllCalls.Skip(stored), account.Calls.Distinct());
        Assert.Equal(pin, account.Numbers[0].Pin);
    }

    [Fact]
    public async Task Refused_step_is_shown_in_words_and_can_be_repeated()
    {
        var (owner, account) = (await app.CreateUserAsync("owner"), app.Sandbox.Add(new WhatsappSandboxAccount()));
        account.Numbers[0].Pin = "999999";

        using var refused = await SignUpAsync(owner, account);

        var problem = await refused.ProblemAsync(HttpStatusCode.BadGateway, "whatsapp_refused");
        Assert.Contains("133005", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("two-step verification", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        (await app.StoredWhatsappAccountAsync(owner.OrganizationId!.Value)).AssertIncludes(
            new { status = "pending", has_token = true, error_code = "133005", subscribed = true, registered = false });

        account.Numbers[0].Pin = null;
        (await (await SendAsync(owner, new { })).DataAsync()).AssertIncludes(new { status = "configured", error_code = (string?)null });
    }

    [Fact]
    public async Task Token_that_was_withdrawn_between_two_steps_is_forgotten()
    {
        var (owner, account) = (await app.CreateUserAsync("owner"), app.Sandbox.Add(new WhatsappSandboxAccount()));
        account.Failures["subscribed_apps"] = (401, 190);

        using var response = await SignUpAsync(owner, account);

        await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "whatsapp_token_refused");
        (await app.StoredWhatsappAccountAsync(owner.OrganizationId!.Value))
            .AssertIncludes(new { status = "disconnected", has_token = false });
        using var without = await SendAsync(owner, new { });
        await without.ProblemAsync(HttpStatusCode.Conflict, "whatsapp_code_required");
    }

    [Fact]
    public async Task Number_of_another_organization_is_refused()
    {
        var account = app.Sandbox.Add(new WhatsappSandboxAccount());
        var (first, second) = (await app.CreateUserAsync("owner"), await app.CreateUserAsync("owner"));
        await (await SignUpAsync(first, account)).DataAsync();

        using var response = await SignUpAsync(second, account);

        await response.ProblemAsync(HttpStatusCode.Conflict, "whatsapp_number_taken");
        (await app.StoredWhatsappAccountAsync(second.OrganizationId!.Value))
            .AssertIncludes(new { status = "pending", phone_number_id = (string?)null });
        using (var pending = app.As(second))
        {
            var shown = await pending.GetDataAsync(WhatsappWorld.Account);
            shown.AssertIncludes(new { status = "pending", error_code = "whatsapp_number_taken" });
            Assert.Contains("connected to another organization", shown.GetProperty("error_message").GetString(), StringComparison.Ordinal);
            Assert.DoesNotContain(first.OrganizationId!.Value.ToString(), shown.GetRawText(), StringComparison.OrdinalIgnoreCase);
        }

        using var client = app.As(first);
        await (await client.DeleteAsync(WhatsappWorld.Account)).DataAsync();
        // Somebody turned off two-step verification at Meta: the PIN is the first organization's.
        account.Numbers[0].Pin = null;
        (await (await SendAsync(second, new { })).DataAsync()).AssertIncludes(new { status = "configured", error_code = (string?)null });
    }

    [Fact]
    public async Task Of_several_numbers_one_must_be_chosen_and_foreign_ones_cannot_be()
    {
        var (owner, account) = (await app.CreateUserAsync("owner"), app.Sandbox.Add(new WhatsappSandboxAccount { Numbers = [new(), new(), new()], PageSize = 2 }));
        using (var undecided = await SendAsync(owner, new { code = app.Sandbox.CreateCode(account), waba_id = account.WabaId, coexistence = false }))
        {
            var errors = (await undecided.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).GetProperty("errors")
                .GetProperty("phone_number_id").GetRawText();
            Assert.All(account.Numbers, number => Assert.Contains(number.Id, errors, StringComparison.Ordinal));
        }
        using (var foreign = await SendAsync(owner, new { phone_number_id = "1999" }))
        {
            await foreign.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        }

        (await (await SendAsync(owner, new { phone_number_id = account.Numbers[2].Id })).DataAsync()).AssertIncludes(
            new { status = "configured", coexists = false, phone_number_id = account.Numbers[2].Id });
        Assert.Equal([true, true, false], account.Numbers.Select(number => number.Pin is null));
    }

    [Fact]
    public async Task Account_without_a_number_waits_for_one()
    {
        var (owner, account) = (await app.CreateUserAsync("owner"), app.Sandbox.Add(new WhatsappSandboxAccount { Numbers = [] }));
        using (var none = await SendAsync(owner, new { code = app.Sandbox.CreateCode(account), waba_id = account.WabaId }))
        {
            await none.ProblemAsync(HttpStatusCode.Conflict, "whatsapp_no_number");
        }
        account.Numbers.Add(new WhatsappSandboxNumber());

        (await (await SendAsync(owner, new { coexistence = false })).DataAsync())
            .AssertIncludes(new { status = "configured", coexists = false });
        Assert.NotNull(account.Numbers[0].Pin);
    }

    [Fact]
    public async Task Account_that_works_is_not_replaced()
    {
        var (owner, other) = (await app.CreateUserAsync("owner"), app.Sandbox.Add(new WhatsappSandboxAccount()));
        var account = await app.CreateWhatsappAccountAsync(owner.OrganizationId!.Value);
        var code = app.Sandbox.CreateCode(other);

        using var response = await SendAsync(owner, new { code, waba_id = other.WabaId });
        await response.ProblemAsync(HttpStatusCode.Conflict, "whatsapp_already_connected");
        (await (await SendAsync(owner, new { })).DataAsync()).AssertIncludes(new { status = "configured", waba_id = account.WabaId });

        // The code was not used up.
        Assert.NotNull((await app.Api.ExchangeCodeAsync(code, TestContext.Current.CancellationToken)).Value);
    }

    [Fact]
    public async Task Account_whose_token_was_refused_is_connected_again_with_the_same_number_and_pin()
    {
        var owner = await app.CreateUserAsync("owner");
        var account = await app.CreateWhatsappAccountAsync(owner.OrganizationId!.Value, status: "needs_reconnect");
        using (var without = await SendAsync(owner, new { }))
        {
            await without.ProblemAsync(HttpStatusCode.Conflict, "whatsapp_code_required");
        }

        (await (await SignUpAsync(owner, account)).DataAsync())
            .AssertIncludes(new { status = "configured", phone_number_id = account.Numbers[0].Id });

        Assert.Equal("123456", account.Numbers[0].Pin);
    }

    /// <summary>It still receives messages.</summary>
    [Theory]
    [InlineData("foreign")]
    [InlineData("app")]
    [InlineData("scope")]
    public async Task Account_that_needs_a_connection_keeps_its_number_when_a_signup_is_refused(string why)
    {
        var owner = await app.CreateUserAsync("owner");
        var account = await app.CreateWhatsappAccountAsync(owner.OrganizationId!.Value, status: "needs_reconnect");
        var other = app.Sandbox.Add(new WhatsappSandboxAccount());
        other.TokenAppId = why == "app" ? "900000000000002" : other.TokenAppId;
        other.Scopes.RemoveAll(scope => why == "scope" && scope == "whatsapp_business_messaging");
        var before = await app.StoredWhatsappAccountAsync(owner.OrganizationId!.Value);

        using var response = await SendAsync(
            owner, new { code = app.Sandbox.CreateCode(other), waba_id = why == "foreign" ? account.WabaId : other.WabaId });

        await response.ProblemAsync(
            HttpStatusCode.UnprocessableEntity, why == "foreign" ? "whatsapp_account_not_granted" : "whatsapp_token_refused");
        Assert.Equal(before.GetRawText(), (await app.StoredWhatsappAccountAsync(owner.OrganizationId!.Value)).GetRawText());
    }

    /// <summary>The data key is gone: with the token, and with the PIN that the number was registered with.</summary>
    [Fact]
    public async Task Signup_whose_secrets_cannot_be_decrypted_begins_anew_and_registers_a_new_pin()
    {
        var owner = await app.CreateUserAsync("owner");
        var account = await app.CreateWhatsappAccountAsync(owner.OrganizationId!.Value, status: "pending");
        await app.ExecuteAsync("""
            update app.whatsapp_account set token_sealed = '\x00', pin_sealed = '\x00', registered_at = null where organization_id = @OrganizationId
            """, owner);

        using (var continued = await SendAsync(owner, new { }))
        {
            await continued.ProblemAsync(HttpStatusCode.UnprocessableEntity, "whatsapp_token_refused");
        }
        // Meta has the former PIN.
        using (var refused = await SignUpAsync(owner, account))
        {
            await refused.ProblemAsync(HttpStatusCode.BadGateway, "whatsapp_refused");
        }
        (await app.StoredWhatsappAccountAsync(owner.OrganizationId!.Value)).AssertIncludes(new { status = "pending", error_code = "133005" });
        account.Numbers[0].Pin = null;
        (await (await SendAsync(owner, new { })).DataAsync()).AssertIncludes(new { status = "configured" });

        Assert.Equal(account.Numbers[0].Pin, await app.StoredPinAsync(owner.OrganizationId!.Value));
    }

    [Fact]
    public async Task Two_requests_that_continue_the_same_signup_register_one_pin()
    {
        var (owner, account) = (await app.CreateUserAsync("owner"), app.Sandbox.Add(new WhatsappSandboxAccount()));
        account.Failures["register"] = (503, null);
        (await SignUpAsync(owner, account)).Dispose();
        account.Failures.Clear();

        var responses = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SendAsync(owner, new { })));

        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Equal(account.Numbers[0].Pin, await app.StoredPinAsync(owner.OrganizationId!.Value));
        Assert.Single(await app.WhatsappAuditAsync(owner.OrganizationId!.Value), action => action == "whatsapp_account.connected");
    }

    [Fact]
    public async Task Without_a_Meta_app_nobody_signs_up()
    {
        await using var bare = new AppWithoutMeta();
        await bare.InitializeAsync();
        using var client = bare.As(await bare.CreateUserAsync("owner"));

        using var response = await client.PostAsync(WhatsappWorld.SignUp, new { code = "code" });

        await response.ProblemAsync(HttpStatusCode.Conflict, "whatsapp_not_set_up");
    }

    [Theory]
    [InlineData("""{"waba_id": "../me"}""", "waba_id")]
    [InlineData("""{"phone_number_id": "1/messages"}""", "phone_number_id")]
    [InlineData("""{"code": " "}""", "code")]
    public async Task Ids_that_are_no_digits_are_refused(string body, string member)
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        using var response = await client.PostTextAsync(WhatsappWorld.SignUp, body);

        Assert.True((await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).GetProperty("errors").TryGetProperty(
            member, out _));
    }

    /// <summary>
    /// In no response, log line, audit entry and notification, whether the signup succeeds or fails, with everything logged.
    /// </summary>
    [Fact]
    public async Task Token_code_pin_and_app_secret_are_nowhere()
    {
        var (owner, account) = (await app.CreateUserAsync("owner"), app.Sandbox.Add(new WhatsappSandboxAccount()));
        var refused = app.Sandbox.Add(new WhatsappSandboxAccount { TokenAppId = "900000000000002" });
        var code = app.Sandbox.CreateCode(account);
        using var client = app.As(owner);
        var texts = new List<string>();
        foreach (var call in new Func<Task<HttpResponseMessage>>[]
        {
            () => SignUpAsync(owner, refused),
            () => SendAsync(owner, new { code, waba_id = account.WabaId, phone_number_id = account.Numbers[0].Id }),
            () => SendAsync(owner, new { code, waba_id = account.WabaId }),
            () => client.GetAsync(WhatsappWorld.Account),
            () => client.GetAsync(WhatsappWorld.Status),
            () => client.GetAsync(WhatsappWorld.Templates),
            () => client.PostAsync(WhatsappWorld.Check, new { }),
            () => client.DeleteAsync(WhatsappWorld.Account),
        })
        {
            using var response = await call();
            texts.Add(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
        texts.AddRange(app.Logs.Lines);
        texts.AddRange(await app.QueryAsync<string>(
            "select changes::text from app.audit_log where organization_id = @OrganizationId", new { owner.OrganizationId }));
        texts.AddRange(await app.QueryAsync<string>(
            "select n::text from app.notification n where organization_id = @OrganizationId", new { owner.OrganizationId }));

        Assert.Contains(texts, text => text.Contains(account.WabaId, StringComparison.Ordinal));
        foreach (var secret in new[] { account.Token, refused.Token, code, WhatsappApp.AppSecret, $"pin={account.Numbers[0].Pin}", $"\"{account.Numbers[0].Pin}\"" })
        {
            var found = texts.Find(text => text.Contains(secret, StringComparison.OrdinalIgnoreCase));
            Assert.True(found is null, $"\"{secret}\" is in: {found}");
        }
    }

    private Task<HttpResponseMessage> SignUpAsync(TestUser user, WhatsappSandboxAccount account) =>
        SendAsync(user, new { code = app.Sandbox.CreateCode(account), waba_id = account.WabaId, phone_number_id = account.Numbers[0].Id });

    private async Task<HttpResponseMessage> SendAsync<T>(TestUser user, T body)
    {
        using var client = app.As(user);
        return await client.PostAsync(WhatsappWorld.SignUp, body);
    }

    private async Task AssertRefusedAsync(TestUser owner, WhatsappSandboxAccount account, string code)
    {
        (await app.StoredWhatsappAccountAsync(owner.OrganizationId!.Value)).AssertIncludes(
            new
            {
                status = "disconnected",
                has_token = false,
                token_last4 = (string?)null,
                phone_number_id = (string?)null,
                error_code = code,
            });
        Assert.Equal(["GET debug_token"], account.Calls);
        Assert.Equal(
            ["whatsapp_account.signup_refused", "whatsapp_account.signup_started"],
            (await app.WhatsappAuditAsync(owner.OrganizationId!.Value)).Order(StringComparer.Ordinal));
    }

    private sealed class AppWithoutMeta : TestApp
    {
        protected override bool HasMetaApp => false;
    }
}
