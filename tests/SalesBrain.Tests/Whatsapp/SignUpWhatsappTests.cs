using System.Net;
using SalesBrain.LocalHost.Sandbox.Whatsapp;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Whatsapp;

/// <summary>Connecting an organization's account, step by step.</summary>
[Collection(WhatsappApp.Collection)]
public sealed class SignUpWhatsappTests(WhatsappApp app)
{
    [Fact]
    public async Task Signup_connects_the_account_with_all_its_steps()
    {
        var (owner, account) = (await app.CreateUserAsync("owner"), app.Sandbox.Add(new WhatsappSandboxAccount()));

        var shown = await (await app.SignUpAsync(owner, account)).DataAsync();

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
        Assert.Equal(WhatsappWorld.SignupCalls, account.Calls.Distinct());
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

        var shown = await (await app.RequestSignUpAsync(
            owner, new { code = app.Sandbox.CreateCode(account), waba_id = account.WabaId })).DataAsync();

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
        (await (await app.RequestSignUpAsync(
            owner, new { code = app.Sandbox.CreateCode(account), phone_number_id = account.Numbers[0].Id })).DataAsync())
            .AssertIncludes(new { status = "configured", waba_id = account.WabaId });

        account.GrantedWabaIds = [account.WabaId, "299999999999999"];
        var another = await app.CreateUserAsync("owner");
        using var refused = await app.RequestSignUpAsync(another, new { code = app.Sandbox.CreateCode(account) });
        Assert.Contains(
            "waba_id", (await refused.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).GetProperty("errors").GetRawText(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_numbers_one_must_be_chosen_and_foreign_ones_cannot_be()
    {
        var (owner, account) = (await app.CreateUserAsync("owner"), app.Sandbox.Add(new WhatsappSandboxAccount { Numbers = [new(), new(), new()], PageSize = 2 }));
        using (var undecided = await app.RequestSignUpAsync(
            owner, new { code = app.Sandbox.CreateCode(account), waba_id = account.WabaId, coexistence = false }))
        {
            var errors = (await undecided.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).GetProperty("errors")
                .GetProperty("phone_number_id").GetRawText();
            Assert.All(account.Numbers, number => Assert.Contains(number.Id, errors, StringComparison.Ordinal));
        }
        using (var foreign = await app.RequestSignUpAsync(owner, new { phone_number_id = "1999" }))
        {
            await foreign.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        }

        (await (await app.RequestSignUpAsync(owner, new { phone_number_id = account.Numbers[2].Id })).DataAsync()).AssertIncludes(
            new { status = "configured", coexists = false, phone_number_id = account.Numbers[2].Id });
        Assert.Equal([true, true, false], account.Numbers.Select(number => number.Pin is null));
    }

    [Fact]
    public async Task Account_without_a_number_waits_for_one()
    {
        var (owner, account) = (await app.CreateUserAsync("owner"), app.Sandbox.Add(new WhatsappSandboxAccount { Numbers = [] }));
        using (var none = await app.RequestSignUpAsync(owner, new { code = app.Sandbox.CreateCode(account), waba_id = account.WabaId }))
        {
            await none.ProblemAsync(HttpStatusCode.Conflict, "whatsapp_no_number");
        }
        account.Numbers.Add(new WhatsappSandboxNumber());

        (await (await app.RequestSignUpAsync(owner, new { coexistence = false })).DataAsync())
            .AssertIncludes(new { status = "configured", coexists = false });
        Assert.NotNull(account.Numbers[0].Pin);
    }

    [Fact]
    public async Task Account_that_works_is_not_replaced()
    {
        var (owner, other) = (await app.CreateUserAsync("owner"), app.Sandbox.Add(new WhatsappSandboxAccount()));
        var account = await app.CreateWhatsappAccountAsync(owner.OrganizationId!.Value);
        var code = app.Sandbox.CreateCode(other);

        using var response = await app.RequestSignUpAsync(owner, new { code, waba_id = other.WabaId });
        await response.ProblemAsync(HttpStatusCode.Conflict, "whatsapp_already_connected");
        (await (await app.RequestSignUpAsync(owner, new { })).DataAsync())
            .AssertIncludes(new { status = "configured", waba_id = account.WabaId });

        // The code was not used up.
        Assert.NotNull((await app.Api.ExchangeCodeAsync(code, TestContext.Current.CancellationToken)).Value);
    }

    [Fact]
    public async Task Account_whose_token_was_refused_is_connected_again_with_the_same_number_and_pin()
    {
        var owner = await app.CreateUserAsync("owner");
        var account = await app.CreateWhatsappAccountAsync(owner.OrganizationId!.Value, status: "needs_reconnect");
        using (var without = await app.RequestSignUpAsync(owner, new { }))
        {
            await without.ProblemAsync(HttpStatusCode.Conflict, "whatsapp_code_required");
        }

        (await (await app.SignUpAsync(owner, account)).DataAsync())
            .AssertIncludes(new { status = "configured", phone_number_id = account.Numbers[0].Id });

        Assert.Equal("123456", account.Numbers[0].Pin);
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
            () => app.SignUpAsync(owner, refused),
            () => app.RequestSignUpAsync(owner, new { code, waba_id = account.WabaId, phone_number_id = account.Numbers[0].Id }),
            () => app.RequestSignUpAsync(owner, new { code, waba_id = account.WabaId }),
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
}
