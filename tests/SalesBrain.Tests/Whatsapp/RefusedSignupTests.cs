using System.Net;
using SalesBrain.LocalHost.Sandbox.Whatsapp;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Whatsapp;

/// <summary>Tokens, codes, accounts and numbers with which no account is connected.</summary>
[Collection(WhatsappApp.Collection)]
public sealed class RefusedSignupTests(WhatsappApp app)
{
    /// <summary>The token is for other accounts than the browser says: it is forgotten at once.</summary>
    [Fact]
    public async Task Account_of_somebody_else_is_refused()
    {
        var (owner, account) = (await app.CreateUserAsync("owner"), app.Sandbox.Add(new WhatsappSandboxAccount()));
        var foreign = app.Sandbox.Add(new WhatsappSandboxAccount());

        using var response = await app.RequestSignUpAsync(
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

        using var response = await app.SignUpAsync(owner, account);

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
            using var response = await app.RequestSignUpAsync(
                owner, new { code = refused, waba_id = account.WabaId, phone_number_id = account.Numbers[0].Id });
            await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "whatsapp_code_refused");
        }
        Assert.Empty(await app.QueryAsync<int>(
            "select 1 from app.whatsapp_account where organization_id = @OrganizationId", new { owner.OrganizationId }));
        Assert.Empty(account.Calls);
    }

    [Fact]
    public async Task Number_of_another_organization_is_refused()
    {
        var account = app.Sandbox.Add(new WhatsappSandboxAccount());
        var (first, second) = (await app.CreateUserAsync("owner"), await app.CreateUserAsync("owner"));
        await (await app.SignUpAsync(first, account)).DataAsync();

        using var response = await app.SignUpAsync(second, account);

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
        (await (await app.RequestSignUpAsync(second, new { })).DataAsync())
            .AssertIncludes(new { status = "configured", error_code = (string?)null });
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

        using var response = await app.RequestSignUpAsync(
            owner, new { code = app.Sandbox.CreateCode(other), waba_id = why == "foreign" ? account.WabaId : other.WabaId });

        await response.ProblemAsync(
            HttpStatusCode.UnprocessableEntity, why == "foreign" ? "whatsapp_account_not_granted" : "whatsapp_token_refused");
        Assert.Equal(before.GetRawText(), (await app.StoredWhatsappAccountAsync(owner.OrganizationId!.Value)).GetRawText());
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
