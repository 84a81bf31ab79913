using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Agents;

/// <summary>Who becomes which user with a sign-in with Genesys, and who is refused.</summary>
[Collection(AgentApp.Collection)]
public sealed class AgentSignInTests(AgentApp app)
{
    [Fact]
    public async Task First_sign_in_makes_an_agent_and_the_next_ones_find_them()
    {
        var organization = await app.CreateOrganizationAsync();
        var person = await app.CreateGenesysPersonAsync(organization);

        var first = await app.SignInAsync(person);
        app.Sandbox.People[person.Id] = person with { Name = "Ada Married", Email = "other@agents.example" };
        var second = await app.SignInAsync(person);

        Assert.Equal(1, await app.CountAgentsAsync(organization));
        Assert.Equal(first.Claims.GetProperty("sub").GetGuid(), second.Claims.GetProperty("sub").GetGuid());
        Assert.Equal(("agent", organization), (second.Claims.GetProperty("role").GetString()!, second.Claims.GetProperty("org").GetGuid()));
        using var response = await app.CallAsync(second.AccessToken, HttpMethod.Get, AgentWorld.Profile);
        var profile = await response.DataAsync();
        profile.AssertIncludes(
            new
            {
                role = "agent",
                roles = new[] { "ROLE_AGENT" },
                capabilities = new[] { "read_organizations", "read_conversations", "work_conversations", "read_whatsapp" },
                first_name = "Ada Agent",
            });
        profile.GetProperty("organization").AssertIncludes(new { id = organization });
        profile.GetProperty("genesys").AssertIncludes(new
        {
            user_id = person.Id,
            organization_id = organization.ToString(),
            name = "Ada Married",
            email = "other@agents.example",
            division_name = "Home",
        });
        (await app.QuerySingleJsonAsync("select email, password_hash, status from app.user where organization_id = @organization", new { organization })).AssertIncludes(
            new { password_hash = (string?)null, status = "active" });
        Assert.DoesNotContain(
            "agents.example",
            await app.QuerySingleAsync<string>("select email from app.user where organization_id = @organization", new { organization }),
            StringComparison.Ordinal);
        (await app.QuerySingleJsonAsync(
            "select v.name, v.genesys_user_id, v.role, v.tenant_id from app.genesys_users v join app.tenant t on t.id = v.tenant_id "
            + "where t.organization_id = @organization",
            new { organization })).AssertIncludes(new { name = "Ada Married", genesys_user_id = person.Id, role = "agent" });
        Assert.Equal(
            [(first.SessionId, "sandbox"), (second.SessionId, "sandbox")],
            (await app.QueryAsync<(Guid, string)>("select session_id, region from app.genesys_user_session where organization_id = @organization", new { organization }))
                .OrderBy(row => row.Item1 == second.SessionId));
        Assert.Equal(["user.created", "user.signed_in", "user.signed_in"], await app.QueryAsync<string>(
            "select action from app.audit_log where organization_id = @organization order by action", new { organization }));
    }

    [Fact]
    public async Task Parallel_first_sign_ins_make_one_user()
    {
        var organization = await app.CreateOrganizationAsync();
        var person = await app.CreateGenesysPersonAsync(organization);

        var tokens = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => app.SignInAsync(person)));

        Assert.Single(tokens.Select(token => token.Claims.GetProperty("sub").GetGuid()).Distinct());
        Assert.Equal(1, await app.CountAgentsAsync(organization));
        Assert.Equal(12, await app.QuerySingleAsync<int>(
            "select count(*)::int from app.genesys_user_session where organization_id = @organization", new { organization }));
    }

    [Fact]
    public async Task Same_email_address_at_Genesys_joins_nobody()
    {
        var owner = await app.CreateUserAsync("owner");
        var person = await app.CreateGenesysPersonAsync(owner.OrganizationId, person => person with { Email = owner.Email });

        var tokens = await app.SignInAsync(person);

        Assert.NotEqual(owner.Id, tokens.Claims.GetProperty("sub").GetGuid());
        Assert.Equal("agent", tokens.Claims.GetProperty("role").GetString());
    }

    [Fact]
    public async Task User_of_one_organization_cannot_join_another()
    {
        var (first, second) = (await app.CreateOrganizationAsync(), await app.CreateOrganizationAsync());
        var person = await app.CreateGenesysPersonAsync(first);
        await app.SignInAsync(person);
        await app.MapToGenesysAsync(first, $"old-{first}");
        await app.CreateGenesysPersonAsync(second);
        // The person's Genesys organization belongs to another tenant now.
        app.Sandbox.People[person.Id] = person with { OrganizationId = second.ToString() };

        using var response = await app.TrySignInAsync(person);

        var problem = await response.ProblemAsync(HttpStatusCode.Forbidden, "user_of_another_organization");
        Assert.Equal("User belongs to a different organization", problem.GetProperty("detail").GetString());
        Assert.Equal((1, 0), (await app.CountAgentsAsync(first), await app.CountAgentsAsync(second)));
    }

    [Fact]
    public async Task Visitor_of_an_authorized_organization_is_refused_and_it_is_written_down()
    {
        var (organization, home) = (await app.CreateOrganizationAsync(), await app.CreateOrganizationAsync());
        await app.MapToGenesysAsync(home, home.ToString());
        var visitor = await app.CreateGenesysPersonAsync(organization, person => person with { HomeOrganizationId = home.ToString() });

        using var response = await app.TrySignInAsync(visitor);

        await response.ProblemAsync(HttpStatusCode.Forbidden, "agent_refused");
        Assert.Equal((0, 0), (await app.CountAgentsAsync(organization), await app.CountAgentsAsync(home)));
        Assert.Equal(1, await app.QuerySingleAsync<int>(
            "select count(*)::int from app.audit_log where organization_id = @organization and action = 'agent.sign_in_refused' "
            + "and changes->>'home_org_id' = @home",
            new { organization, home = home.ToString() }));
    }

    [Fact]
    public async Task Without_the_organization_nobody_signs_in()
    {
        var person = await app.CreateGenesysPersonAsync();
        app.Sandbox.LeavesOutExpanded = true;
        try
        {
            using var response = await app.TrySignInAsync(person);
            await response.ProblemAsync(HttpStatusCode.Forbidden, "agent_refused");
        }
        finally
        {
            app.Sandbox.LeavesOutExpanded = false;
        }
        Assert.Equal(0, await app.CountAgentsAsync(Guid.Parse(person.OrganizationId)));
    }

    [Theory]
    [InlineData("inactive", "active")]
    [InlineData("deleted", "active")]
    [InlineData("active", "inactive")]
    public async Task Inactive_at_Genesys_is_refused(string state, string organizationState)
    {
        var person = await app.CreateGenesysPersonAsync(
            change: person => person with { State = state, OrganizationState = organizationState });

        using var response = await app.TrySignInAsync(person);

        await response.ProblemAsync(HttpStatusCode.Forbidden, "agent_refused");
        Assert.Equal(0, await app.CountAgentsAsync(Guid.Parse(person.OrganizationId)));
    }

    [Theory]
    [InlineData("update app.tenant set genesys_org_id = null where organization_id = @organization")]
    [InlineData("update app.tenant set status = 'inactive' where organization_id = @organization")]
    [InlineData("update app.tenant set genesys_region = 'us-east-1' where organization_id = @organization")]
    public async Task Without_an_active_tenant_of_the_region_nobody_signs_in(string change)
    {
        var organization = await app.CreateOrganizationAsync();
        var person = await app.CreateGenesysPersonAsync(organization);
        await app.ExecuteAsync(change, new { organization });

        using var response = await app.TrySignInAsync(person);

        var problem = await response.ProblemAsync(HttpStatusCode.NotFound, "tenant_not_found");
        Assert.Equal("Tenant not found for this Genesys organization", problem.GetProperty("detail").GetString());
        Assert.Equal(0, await app.CountAgentsAsync(organization));
    }

    [Fact]
    public async Task Disabled_here_stays_out_and_a_suspended_organization_too()
    {
        var organization = await app.CreateOrganizationAsync();
        var person = await app.CreateGenesysPersonAsync(organization);
        var tokens = await app.SignInAsync(person);
        using var waiting = await app.TrySignInAsync(person);
        await app.ExecuteAsync("update app.user set status = 'disabled' where organization_id = @organization", new { organization });

        using var response = await app.TrySignInAsync(person);
        await response.ProblemAsync(HttpStatusCode.Forbidden, "agent_refused");
        using var exchanged = await app.ExchangeAsync(AgentWorld.CodeOf(waiting));
        await exchanged.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_sign_in_code");
        using var refreshed = await app.Http.PostAsync($"{AgentWorld.Auth}/refresh", new { refresh_token = tokens.RefreshToken });
        await refreshed.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_refresh_token");

        await app.ExecuteAsync("""
            update app.user set status = 'active' where organization_id = @organization;
            update app.organization set status = 'suspended' where id = @organization
            """, new { organization });
        using var suspended = await app.TrySignInAsync(person);
        await suspended.ProblemAsync(HttpStatusCode.Forbidden, "organization_suspended");
    }

    [Fact]
    public async Task What_Genesys_says_is_stored_up_to_a_length()
    {
        var person = await app.CreateGenesysPersonAsync(change: person => person with { Name = new string('n', 5000), Email = new string('e', 5000) });
        var strange = await app.CreateGenesysPersonAsync(change: person => person with { Id = new string('i', 300) });

        await app.SignInAsync(person);
        using var response = await app.TrySignInAsync(strange);

        Assert.Equal((320, 320), await app.QuerySingleAsync<(int, int)>(
            "select length(name), length(email) from app.genesys_user where genesys_user_id = @Id", new { person.Id }));
        await response.ProblemAsync(HttpStatusCode.BadGateway, "genesys_unavailable");
    }
}
