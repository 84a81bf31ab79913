using System.Net;
using SalesBrain.LocalHost.Sandbox.Whatsapp;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Whatsapp;

/// <summary>The status that agents see, checking and disconnecting the account, and its templates.</summary>
[Collection(WhatsappApp.Collection)]
public sealed class WhatsappAccountTests(WhatsappApp app)
{
    [Fact]
    public async Task Agent_sees_that_nothing_is_configured()
    {
        using var agent = app.As(await app.CreateUserAsync("agent"));

        (await agent.GetDataAsync(WhatsappWorld.Status)).AssertIncludes(
            new
            {
                configured = false,
                status = "none",
                display_number = (string?)null,
                message = "WhatsApp not configured for your organization",
            });
        using var templates = await agent.GetAsync(WhatsappWorld.Templates);
        var problem = await templates.ProblemAsync(HttpStatusCode.Conflict, "whatsapp_not_configured");
        Assert.Equal("WhatsApp not configured for your organization", problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("agent")]
    [InlineData("agent_supervisor")]
    [InlineData("owner")]
    [InlineData("admin")]
    public async Task Agent_sees_number_name_and_quality_and_nothing_secret(string role)
    {
        var user = await app.CreateUserAsync(role);
        var account = await app.CreateWhatsappAccountAsync(user.OrganizationId!.Value);
        using var client = app.As(user);

        var status = await client.GetDataAsync(WhatsappWorld.Status);

        status.AssertIncludes(
            new
            {
                configured = true,
                status = "configured",
                display_number = account.Numbers[0].DisplayNumber,
                verified_name = "Sandbox",
                quality = "GREEN",
                message = (string?)null,
            });
        Assert.DoesNotContain("token", status.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("pending")]
    [InlineData("needs_reconnect")]
    public async Task Account_that_cannot_be_used_is_not_configured(string status)
    {
        var agent = await app.CreateUserAsync("agent");
        await app.CreateWhatsappAccountAsync(agent.OrganizationId!.Value, status: status);
        using var client = app.As(agent);

        (await client.GetDataAsync(WhatsappWorld.Status)).AssertIncludes(
            new { configured = false, status, message = "WhatsApp not configured for your organization" });
    }

    [Fact]
    public async Task Check_updates_quality_number_and_templates()
    {
        var owner = await app.CreateUserAsync("owner");
        var account = await app.CreateWhatsappAccountAsync(owner.OrganizationId!.Value);
        account.Numbers[0].Quality = "YELLOW";
        using var client = app.As(owner);

        var shown = await (await client.PostAsync(WhatsappWorld.Check, null)).DataAsync();

        shown.AssertIncludes(new { status = "configured", quality = "YELLOW" });
        Assert.Equal(app.Time.GetUtcNow().UtcDateTime, shown.GetProperty("checked_at").GetDateTime(), TimeSpan.FromMilliseconds(1));
        Assert.Equal(["GET number", "GET message_templates"], account.Calls.Distinct());
        Assert.Equal(
            2,
            await app.QuerySingleAsync<int>(
                "select jsonb_array_length(templates) from app.whatsapp_account where organization_id = @OrganizationId",
                new { owner.OrganizationId }));
    }

    [Theory]
    [InlineData(190)]
    [InlineData(0)]
    public async Task Token_that_is_refused_needs_a_new_connection_and_is_told_once(int code)
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var (admin, agent) = (await app.CreateUserAsync("admin", organization), await app.CreateUserAsync("agent", organization));
        var account = await app.CreateWhatsappAccountAsync(organization);
        await app.ExecuteAsync(
            "update app.whatsapp_account set sends_after = now() + interval '1 day' where organization_id = @organization",
            new { organization });
        account.Failures["number"] = (401, code);
        using var client = app.As(owner);

        var shown = await (await client.PostAsync(WhatsappWorld.Check, null)).DataAsync();
        await (await client.PostAsync(WhatsappWorld.Check, null)).DataAsync();

        shown.AssertIncludes(new { status = "needs_reconnect", error_code = code.ToString() });
        Assert.Contains("connect the account again", shown.GetProperty("error_message").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            new[] { owner.Id, admin.Id }.Order(),
            (await app.QueryAsync<Guid>("select user_id from app.notification where organization_id = @organization and type = 'whatsapp.needs_reconnect'", new { organization })).Order());
        using var agents = app.As(agent);
        (await agents.GetDataAsync(WhatsappWorld.Status)).AssertIncludes(new { configured = false, status = "needs_reconnect" });

        // Meta accepts it again.
        account.Failures.Clear();
        (await (await client.PostAsync(WhatsappWorld.Check, null)).DataAsync())
            .AssertIncludes(new { status = "configured", error_code = (string?)null });
    }

    [Fact]
    public async Task Other_refusal_is_the_accounts_error_and_an_outage_is_none()
    {
        var owner = await app.CreateUserAsync("owner");
        var account = await app.CreateWhatsappAccountAsync(owner.OrganizationId!.Value);
        account.Failures["number"] = (400, 33);
        using var client = app.As(owner);
        (await (await client.PostAsync(WhatsappWorld.Check, null)).DataAsync())
            .AssertIncludes(new { status = "configured", error_code = "33" });

        account.Failures["number"] = (503, null);
        using var unavailable = await client.PostAsync(WhatsappWorld.Check, null);
        await unavailable.ProblemAsync(HttpStatusCode.BadGateway, "whatsapp_unavailable");
    }

    /// <summary>Its data key is gone.</summary>
    [Theory]
    [InlineData("check")]
    [InlineData("templates")]
    public async Task Account_whose_token_cannot_be_decrypted_needs_a_new_connection(string asked)
    {
        var owner = await app.CreateUserAsync("owner");
        await app.CreateWhatsappAccountAsync(owner.OrganizationId!.Value);
        await app.ExecuteAsync("update app.whatsapp_account set token_sealed = '\\x00' where organization_id = @OrganizationId", owner);
        using var client = app.As(owner);

        using var response = asked == "check" ? await client.PostAsync(WhatsappWorld.Check, null) : await client.GetAsync(WhatsappWorld.Templates);

        if (asked == "check")
        {
            (await response.DataAsync()).AssertIncludes(new { status = "needs_reconnect", error_code = "token_unreadable" });
        }
        else
        {
            await response.ProblemAsync(HttpStatusCode.Conflict, "whatsapp_not_configured");
        }
        (await app.StoredWhatsappAccountAsync(owner.OrganizationId!.Value)).AssertIncludes(
            new { status = "needs_reconnect", error_code = "token_unreadable" });
        Assert.Equal(
            ["whatsapp.needs_reconnect"],
            await app.QueryAsync<string>("select type from app.notification where organization_id = @OrganizationId", owner));
    }

    /// <summary>Of a template that has none.</summary>
    [Fact]
    public async Task Components_that_are_no_array_do_not_hide_the_other_templates()
    {
        var owner = await app.CreateUserAsync("owner");
        var account = await app.CreateWhatsappAccountAsync(owner.OrganizationId!.Value);
        account.Templates.Add(new("a_bare_one", "en_US", "APPROVED", "UTILITY", "") { HasComponents = false });
        using var client = app.As(owner);

        var templates = (await client.GetDataAsync(WhatsappWorld.Templates)).GetProperty("templates").EnumerateArray().ToList();

        Assert.Equal(
            ["a_bare_one", "appointment_reminder", "appointment_reminder"],
            templates.Select(template => template.GetProperty("name").GetString()));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, templates[0].GetProperty("components").ValueKind);
    }

    [Fact]
    public async Task Disconnecting_ends_the_subscription_and_forgets_the_token()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var account = await app.CreateWhatsappAccountAsync(organization);
        using var client = app.As(owner);

        (await (await client.DeleteAsync(WhatsappWorld.Account)).DataAsync()).AssertIncludes(
            new
            {
                unsubscribed = true,
                account = new { status = "disconnected", token_last4 = (string?)null, phone_number_id = (string?)null },
            });
        (await (await client.DeleteAsync(WhatsappWorld.Account)).DataAsync()).AssertIncludes(new { unsubscribed = false });

        Assert.False(account.IsSubscribed);
        (await app.StoredWhatsappAccountAsync(organization))
            .AssertIncludes(new { status = "disconnected", has_token = false, has_pin = true });
        Assert.Equal(["whatsapp_account.disconnected"], await app.WhatsappAuditAsync(organization));
    }

    [Theory]
    [InlineData(503, null)]
    [InlineData(401, 190)]
    public async Task Token_is_forgotten_also_if_Meta_does_not_hear_of_it(int status, int? code)
    {
        var owner = await app.CreateUserAsync("owner");
        var account = await app.CreateWhatsappAccountAsync(owner.OrganizationId!.Value);
        account.Failures["subscribed_apps"] = (status, code);
        using var client = app.As(owner);

        using var response = await client.DeleteAsync(WhatsappWorld.Account);

        var json = await response.JsonAsync();
        Assert.Contains("Meta could not be told", json.GetProperty("message").GetString(), StringComparison.Ordinal);
        json.GetProperty("data").AssertIncludes(new { unsubscribed = false });
        (await app.StoredWhatsappAccountAsync(owner.OrganizationId!.Value))
            .AssertIncludes(new { status = "disconnected", has_token = false });
    }

    /// <summary>Two organizations have a number each of one account: the other one's events must go on.</summary>
    [Fact]
    public async Task Account_that_another_organization_uses_too_stays_subscribed()
    {
        var (owner, other) = (await app.CreateUserAsync("owner"), await app.CreateOrganizationAsync());
        var account = await app.CreateWhatsappAccountAsync(owner.OrganizationId!.Value);
        await app.CreateWhatsappAccountAsync(other, new WhatsappSandboxAccount { WabaId = account.WabaId });
        using var client = app.As(owner);

        (await (await client.DeleteAsync(WhatsappWorld.Account)).DataAsync()).AssertIncludes(new { unsubscribed = false });

        Assert.True(account.IsSubscribed);
        Assert.Empty(account.Calls);
    }

    [Fact]
    public async Task Organization_that_never_connected_has_no_account()
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        foreach (var call in new[] { client.GetAsync(WhatsappWorld.Account), client.DeleteAsync(WhatsappWorld.Account) })
        {
            using var response = await call;
            await response.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        }
        using var check = await client.PostAsync(WhatsappWorld.Check, null);
        await check.ProblemAsync(HttpStatusCode.Conflict, "whatsapp_not_configured");
    }

    [Fact]
    public async Task Agent_gets_the_approved_templates_which_are_kept_for_ten_minutes()
    {
        var agent = await app.CreateUserAsync("agent");
        var account = await app.CreateWhatsappAccountAsync(agent.OrganizationId!.Value, new WhatsappSandboxAccount { PageSize = 1 });
        using var client = app.As(agent);

        var first = await client.GetDataAsync(WhatsappWorld.Templates);
        Assert.Equal(
            ["appointment_reminder de", "appointment_reminder en_US"],
            first.GetProperty("templates").EnumerateArray()
                .Select(template => $"{template.GetProperty("name")} {template.GetProperty("language")}"));
        first.GetProperty("templates")[1].AssertIncludes(
            """{"category": "UTILITY", "components": [{"type": "BODY", "text": "Hello {{1}}, we look forward to seeing you on {{2}}."}]}""");

        account.Templates.Add(new WhatsappSandboxTemplate("welcome", "en_US", "APPROVED", "UTILITY", "Welcome."));
        app.Time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(2, (await client.GetDataAsync(WhatsappWorld.Templates)).GetProperty("templates").GetArrayLength());
        app.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(3, (await client.GetDataAsync(WhatsappWorld.Templates)).GetProperty("templates").GetArrayLength());

        // While Meta cannot be reached, the old ones are better than none.
        app.Time.Advance(TimeSpan.FromMinutes(11));
        account.Failures["message_templates"] = (503, null);
        using var later = app.As(agent);
        Assert.Equal(3, (await later.GetDataAsync(WhatsappWorld.Templates)).GetProperty("templates").GetArrayLength());
    }

    [Fact]
    public async Task Templates_that_Meta_never_returned_are_a_problem()
    {
        var agent = await app.CreateUserAsync("agent");
        var account = await app.CreateWhatsappAccountAsync(agent.OrganizationId!.Value);
        using var client = app.As(agent);
        foreach (var (failure, status, code) in new[]
        {
            ((503, (int?)null), HttpStatusCode.BadGateway, "whatsapp_unavailable"),
            ((403, 200), HttpStatusCode.BadGateway, "whatsapp_refused"),
            ((401, 190), HttpStatusCode.Conflict, "whatsapp_not_configured"),
        })
        {
            account.Failures["message_templates"] = failure;
            using var response = await client.GetAsync(WhatsappWorld.Templates);
            await response.ProblemAsync(status, code);
        }
        (await app.StoredWhatsappAccountAsync(agent.OrganizationId!.Value))
            .AssertIncludes(new { status = "needs_reconnect", error_code = "190" });
    }

    [Fact]
    public async Task Lookup_of_a_tenant_tells_whether_WhatsApp_is_configured()
    {
        var organization = await app.CreateOrganizationAsync();
        await app.MapToGenesysAsync(organization, organization.ToString());
        using var client = app.As(await app.CreateUserAsync("sb_operator"));
        (await client.GetDataAsync($"{TenantWorld.ByGenesysOrg}/{organization}")).AssertIncludes(new { whatsapp_configured = false });

        await app.CreateWhatsappAccountAsync(organization, status: "pending");
        (await client.GetDataAsync($"{TenantWorld.ByGenesysOrg}/{organization}")).AssertIncludes(new { whatsapp_configured = false });
        await app.ExecuteAsync(
            "update app.whatsapp_account set status = 'configured' where organization_id = @organization", new { organization });
        (await client.GetDataAsync($"{TenantWorld.ByGenesysOrg}/{organization}")).AssertIncludes(new { whatsapp_configured = true });
    }
}
