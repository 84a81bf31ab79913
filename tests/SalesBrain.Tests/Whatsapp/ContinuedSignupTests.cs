using System.Net;
using SalesBrain.LocalHost.Sandbox.Whatsapp;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Whatsapp;

/// <summary>Signups that stopped at a step: by a failure, a refusal or the end of the process.</summary>
[Collection(WhatsappApp.Collection)]
public sealed class ContinuedSignupTests(WhatsappApp app)
{
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
        using (var failed = await app.SignUpAsync(owner, account))
        {
            await failed.ProblemAsync(HttpStatusCode.BadGateway, "whatsapp_unavailable");
        }
        using var client = app.As(owner);
        var pending = await (await client.GetAsync(WhatsappWorld.Account)).DataAsync();
        Assert.Equal("pending", pending.GetProperty("status").GetString());
        Assert.Equal(done, pending.GetProperty("steps").EnumerateArray().Count(state => state.GetProperty("state").GetString() == "done"));
        account.Failures.Clear();
        account.Calls.Clear();

        (await (await app.RequestSignUpAsync(owner, new { })).DataAsync())
            .AssertIncludes(new { status = "configured", phone_number_id = account.Numbers[0].Id });

        Assert.Equal(WhatsappWorld.SignupCalls.Skip(done), account.Calls.Distinct());
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
        await (await app.SignUpAsync(owner, account)).DataAsync();
        var pin = account.Numbers[0].Pin;
        var lost = WhatsappWorld.StepColumns.Skip(stored).Select(column => $", {column} = null");
        var noNumber = stored < 2 ? ", phone_number_id = null" : "";
        await app.ExecuteAsync(
            $"update app.whatsapp_account set status = 'pending', connected_at = null{noNumber}{string.Concat(lost)} "
            + "where organization_id = @OrganizationId",
            new { owner.OrganizationId });
        account.Calls.Clear();

        (await (await app.RequestSignUpAsync(owner, new { })).DataAsync())
            .AssertIncludes(new { status = "configured", phone_number_id = account.Numbers[0].Id });

        Assert.Equal(WhatsappWorld.SignupCalls.Skip(stored), account.Calls.Distinct());
        Assert.Equal(pin, account.Numbers[0].Pin);
    }

    [Fact]
    public async Task Refused_step_is_shown_in_words_and_can_be_repeated()
    {
        var (owner, account) = (await app.CreateUserAsync("owner"), app.Sandbox.Add(new WhatsappSandboxAccount()));
        account.Numbers[0].Pin = "999999";

        using var refused = await app.SignUpAsync(owner, account);

        var problem = await refused.ProblemAsync(HttpStatusCode.BadGateway, "whatsapp_refused");
        Assert.Contains("133005", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("two-step verification", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        (await app.StoredWhatsappAccountAsync(owner.OrganizationId!.Value)).AssertIncludes(
            new { status = "pending", has_token = true, error_code = "133005", subscribed = true, registered = false });

        account.Numbers[0].Pin = null;
        (await (await app.RequestSignUpAsync(owner, new { })).DataAsync())
            .AssertIncludes(new { status = "configured", error_code = (string?)null });
    }

    [Fact]
    public async Task Token_that_was_withdrawn_between_two_steps_is_forgotten()
    {
        var (owner, account) = (await app.CreateUserAsync("owner"), app.Sandbox.Add(new WhatsappSandboxAccount()));
        account.Failures["subscribed_apps"] = (401, 190);

        using var response = await app.SignUpAsync(owner, account);

        await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "whatsapp_token_refused");
        (await app.StoredWhatsappAccountAsync(owner.OrganizationId!.Value))
            .AssertIncludes(new { status = "disconnected", has_token = false });
        using var without = await app.RequestSignUpAsync(owner, new { });
        await without.ProblemAsync(HttpStatusCode.Conflict, "whatsapp_code_required");
    }

    [Fact]
    public async Task Two_requests_that_continue_the_same_signup_register_one_pin()
    {
        var (owner, account) = (await app.CreateUserAsync("owner"), app.Sandbox.Add(new WhatsappSandboxAccount()));
        account.Failures["register"] = (503, null);
        (await app.SignUpAsync(owner, account)).Dispose();
        account.Failures.Clear();

        var responses = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => app.RequestSignUpAsync(owner, new { })));

        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Equal(account.Numbers[0].Pin, await app.StoredPinAsync(owner.OrganizationId!.Value));
        Assert.Single(await app.WhatsappAuditAsync(owner.OrganizationId!.Value), action => action == "whatsapp_account.connected");
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

        using (var continued = await app.RequestSignUpAsync(owner, new { }))
        {
            await continued.ProblemAsync(HttpStatusCode.UnprocessableEntity, "whatsapp_token_refused");
        }
        // Meta has the former PIN.
        using (var refused = await app.SignUpAsync(owner, account))
        {
            await refused.ProblemAsync(HttpStatusCode.BadGateway, "whatsapp_refused");
        }
        (await app.StoredWhatsappAccountAsync(owner.OrganizationId!.Value)).AssertIncludes(new { status = "pending", error_code = "133005" });
        account.Numbers[0].Pin = null;
        (await (await app.RequestSignUpAsync(owner, new { })).DataAsync()).AssertIncludes(new { status = "configured" });

        Assert.Equal(account.Numbers[0].Pin, await app.StoredPinAsync(owner.OrganizationId!.Value));
    }
}
