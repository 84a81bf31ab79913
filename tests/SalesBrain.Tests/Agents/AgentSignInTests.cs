using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.WebUtilities;
using SalesBrain.LocalHost.Sandbox.Genesys;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Agents;

/// <summary>The steps of a sign-in with Genesys, from the browser's redirect to the tokens.</summary>
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
    public async Task Browser_goes_to_the_region_with_a_state_and_a_challenge_of_its_own()
    {
        var (one, cookie) = await app.StartAsync("eu-central-1");
        var (other, sameCookie) = await app.StartAsync("eu-central-1", cookie: cookie);

        Assert.Equal("https://login.mypurecloud.de/oauth/authorize", one.GetLeftPart(UriPartial.Path));
        Assert.StartsWith("__Host-", cookie, StringComparison.Ordinal);
        Assert.Equal(cookie, sameCookie);
        var query = QueryHelpers.ParseQuery(one.Query);
        Assert.Equal(
            ["client_id", "code_challenge", "code_challenge_method", "redirect_uri", "response_type", "state"],
            query.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            "the-client S256 code https://api.example/api/agents/auth/callback",
            $"{query["client_id"]} {query["code_challenge_method"]} {query["response_type"]} {query["redirect_uri"]}");
        Assert.NotEqual(query["state"], QueryHelpers.ParseQuery(other.Query)["state"]);
        Assert.NotEqual(query["code_challenge"], QueryHelpers.ParseQuery(other.Query)["code_challenge"]);
        Assert.Equal(0, await app.QuerySingleAsync<int>("select count(*)::int from app.genesys_sign_in where region = 'eu-central-1'"));
    }

    [Theory]
    [InlineData("?region=us-east-1", "region")]
    [InlineData("?region=evil.example", "region")]
    [InlineData("?region=eu-central-1.evil.example", "region")]
    [InlineData("", "region")]
    [InlineData("?region=", "region")]
    [InlineData("?region=eu-central-1&redirect=https://evil.example/", "redirect")]
    [InlineData("?region=eu-central-1&redirect=https://agents.example.evil.example/", "redirect")]
    [InlineData("?region=eu-central-1&redirect=https://agents.example@evil.example/", "redirect")]
    [InlineData("?region=eu-central-1&redirect=http://agents.example/", "redirect")]
    [InlineData("?region=eu-central-1&redirect=javascript:alert(1)", "redirect")]
    [InlineData("?region=eu-central-1&redirect=/in", "redirect")]
    public async Task Other_regions_and_other_places_to_return_to_are_refused(string query, string member)
    {
        using var response = await app.Http.GetAsync($"{AgentWorld.Auth}/login{query}");

        Assert.Equal(member, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Sign_in_returns_to_the_portal_with_a_code_and_never_a_token()
    {
        using var response = await app.TrySignInAsync(await app.CreateGenesysPersonAsync());

        var location = response.Headers.Location!;
        Assert.StartsWith("https://agents.example/in?x=1&code=", location.AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal(43, AgentWorld.CodeOf(response).Length);
    }

    [Fact]
    public async Task Place_to_return_to_may_have_2000_characters()
    {
        var person = await app.CreateGenesysPersonAsync();
        var longest = "https://agents.example/?" + string.Concat(Enumerable.Repeat("a=1&", 494));
        var (authorize, cookie) = await app.StartAsync(redirect: longest);

        using var response = await app.ReturnAsync(await person.ChooseAsync(authorize), cookie);

        Assert.Equal(2000, longest.Length);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.StartsWith(longest, response.Headers.Location!.AbsoluteUri, StringComparison.Ordinal);
        // Percent-encoded it has 6 characters for each.
        var longer = Uri.EscapeDataString("https://agents.example/" + new string('ü', 400));
        using var refused = await app.Http.GetAsync($"{AgentWorld.Auth}/login?region=sandbox&redirect={longer}");
        Assert.Equal("redirect", (await refused.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    [Fact]
    public async Task Another_grant_type_is_refused_with_the_one_that_is_accepted()
    {
        using var response = await app.Http.PostAsync($"{AgentWorld.Auth}/token", new { code = "code", grant_type = "password" });

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal("must be one of authorization_code", problem.GetProperty("errors").GetProperty("grant_type")[0].GetString());
    }

    [Fact]
    public async Task State_works_once()
    {
        var person = await app.CreateGenesysPersonAsync();
        var (authorize, cookie) = await app.StartAsync();
        var path = await person.ChooseAsync(authorize);
        using var first = await app.ReturnAsync(path, cookie);

        using var second = await app.ReturnAsync(path, cookie);
        using var withAnotherCode = await app.ReturnAsync(await person.ChooseAsync(authorize), cookie);

        Assert.Equal(HttpStatusCode.Redirect, first.StatusCode);
        await second.ProblemAsync(HttpStatusCode.BadRequest, "invalid_state");
        await withAnotherCode.ProblemAsync(HttpStatusCode.BadRequest, "invalid_state");
    }

    [Fact]
    public async Task Two_returns_with_one_state_at_once_sign_in_once()
    {
        var (authorize, cookie) = await app.StartAsync();
        var path = await (await app.CreateGenesysPersonAsync()).ChooseAsync(authorize);

        var responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.ReturnAsync(path, cookie)));

        Assert.Equal(
            [HttpStatusCode.Redirect, .. Enumerable.Repeat(HttpStatusCode.BadRequest, 7)],
            responses.Select(response => response.StatusCode).Order());
        Array.ForEach(responses, response => response.Dispose());
    }

    [Fact]
    public async Task State_of_another_browser_a_forged_one_and_none_are_refused()
    {
        var person = await app.CreateGenesysPersonAsync();
        var (authorize, cookie) = await app.StartAsync();
        var (_, othersCookie) = await app.StartAsync();
        var path = await person.ChooseAsync(authorize);
        var state = QueryHelpers.ParseQuery(authorize.Query)["state"].Single()!;

        foreach (var (returned, with) in new[]
        {
            (path, othersCookie), (path, null), (path, "__Host-salesbrain-sign-in=short"),
            (path.Replace("state=", "other=", StringComparison.Ordinal), cookie),
            (path.Replace(state, state[..^1] + (state[^1] == 'A' ? 'Q' : 'A'), StringComparison.Ordinal), cookie),
            (path.Replace(state, 'e' + state, StringComparison.Ordinal), cookie),
            (path.Replace(state, "x.y", StringComparison.Ordinal), cookie),
        })
        {
            using var response = await app.ReturnAsync(returned, with);
            await response.ProblemAsync(HttpStatusCode.BadRequest, "invalid_state");
        }
        using var right = await app.ReturnAsync(path, cookie);
        Assert.Equal(HttpStatusCode.Redirect, right.StatusCode);
    }

    [Fact]
    public async Task State_expires_after_ten_minutes()
    {
        var person = await app.CreateGenesysPersonAsync();
        var (inTime, cookie) = await app.StartAsync();
        var (late, lateCookie) = await app.StartAsync();
        app.Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(2));
        using var accepted = await app.ReturnAsync(await person.ChooseAsync(inTime), cookie);
        app.Time.Advance(TimeSpan.FromMilliseconds(3));

        using var refused = await app.ReturnAsync(await person.ChooseAsync(late), lateCookie);

        Assert.Equal(HttpStatusCode.Redirect, accepted.StatusCode);
        await refused.ProblemAsync(HttpStatusCode.BadRequest, "invalid_state");
    }

    [Fact]
    public async Task Verifier_of_PKCE_goes_to_the_token_endpoint_only()
    {
        var (authorize, cookie) = await app.StartAsync();
        using var response = await app.ReturnAsync(await (await app.CreateGenesysPersonAsync()).ChooseAsync(authorize), cookie);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        var challenge = QueryHelpers.ParseQuery(authorize.Query)["code_challenge"].Single()!;

        var verifier = Assert.Single(app.Sandbox.Verifiers, verifier =>
            System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(verifier))) == challenge);

        Assert.Matches("^[A-Za-z0-9._~-]{43,128}$", verifier);
        Assert.DoesNotContain(verifier, authorize.AbsoluteUri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_and_failure_of_Genesys_are_told()
    {
        var (authorize, cookie) = await app.StartAsync();
        using var refused = await app.ReturnAsync(await ((GenesysPerson?)null).ChooseAsync(authorize), cookie);
        await refused.ProblemAsync(HttpStatusCode.Unauthorized, "genesys_refused");
        // A code that Genesys did not issue.
        (authorize, cookie) = await app.StartAsync();
        using var unknown = await app.ReturnAsync(
            $"{AgentWorld.Auth}/callback?code=made-up&state={QueryHelpers.ParseQuery(authorize.Query)["state"]}", cookie);
        await unknown.ProblemAsync(HttpStatusCode.Unauthorized, "genesys_refused");

        var person = await app.CreateGenesysPersonAsync();
        app.Sandbox.FailsWith = 503;
        try
        {
            using var failed = await app.TrySignInAsync(person);
            await failed.ProblemAsync(HttpStatusCode.BadGateway, "genesys_unavailable");
        }
        finally
        {
            app.Sandbox.FailsWith = null;
        }
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
    public async Task Same_email_address_at_Genesys_joins_nobody()
    {
        var owner = await app.CreateUserAsync("owner");
        var person = await app.CreateGenesysPersonAsync(owner.OrganizationId, person => person with { Email = owner.Email });

        var tokens = await app.SignInAsync(person);

        Assert.NotEqual(owner.Id, tokens.Claims.GetProperty("sub").GetGuid());
        Assert.Equal("agent", tokens.Claims.GetProperty("role").GetString());
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
    public async Task Code_works_once_and_for_a_minute()
    {
        var person = await app.CreateGenesysPersonAsync();
        using var first = await app.TrySignInAsync(person);
        using var second = await app.TrySignInAsync(person);
        var exchanges = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.ExchangeAsync(AgentWorld.CodeOf(first))));
        app.Time.Advance(TimeSpan.FromMinutes(1));

        using var late = await app.ExchangeAsync(AgentWorld.CodeOf(second));

        Assert.Equal(
            [HttpStatusCode.OK, .. Enumerable.Repeat(HttpStatusCode.Unauthorized, 7)],
            exchanges.Select(response => response.StatusCode).Order());
        await late.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_sign_in_code");
        Array.ForEach(exchanges, response => response.Dispose());
    }

    [Fact]
    public async Task Refresh_rotates_and_sign_out_ends_one_or_all_sessions()
    {
        var person = await app.CreateGenesysPersonAsync();
        var (one, other, third) = (await app.SignInAsync(person), await app.SignInAsync(person), await app.SignInAsync(person));

        var child = await TestTokens.OfAsync(
            await app.Http.PostAsync($"{AgentWorld.Auth}/refresh", new { refresh_token = one.RefreshToken }));
        await TestTokens.OfAsync(await app.Http.PostAsync($"{AgentWorld.Auth}/refresh", new { refresh_token = child.RefreshToken }));
        using var reused = await app.Http.PostAsync($"{AgentWorld.Auth}/refresh", new { refresh_token = one.RefreshToken });
        await reused.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        Assert.Equal(HttpStatusCode.Unauthorized, await app.WriteAsync(child.AccessToken));

        using var ended = await app.Http.PostAsync($"{AgentWorld.Auth}/logout", new { refresh_token = other.RefreshToken });
        Assert.Equal(1, (await ended.DataAsync()).GetProperty("sessions_ended").GetInt32());
        Assert.Equal(HttpStatusCode.Unauthorized, await app.ReadAsync(other.AccessToken));
        Assert.Equal(HttpStatusCode.OK, await app.ReadAsync(third.AccessToken));

        await app.SignInAsync(person);
        using var all = await app.CallAsync(third.AccessToken, HttpMethod.Post, $"{AgentWorld.Auth}/logout-all");
        Assert.Equal(2, (await all.DataAsync()).GetProperty("sessions_ended").GetInt32());
        Assert.Equal(HttpStatusCode.Unauthorized, await app.ReadAsync(third.AccessToken));
    }

    [Fact]
    public async Task Secrets_codes_and_tokens_are_in_no_log_and_no_table()
    {
        var person = await app.CreateGenesysPersonAsync(change: person => person with { Email = "private.address@agents.example" });
        var (authorize, cookie) = await app.StartAsync();
        var path = await person.ChooseAsync(authorize);
        using var response = await app.ReturnAsync(path, cookie);
        var code = AgentWorld.CodeOf(response);
        var tokens = await TestTokens.OfAsync(await app.ExchangeAsync(code));
        var query = QueryHelpers.ParseQuery(path[path.IndexOf('?', StringComparison.Ordinal)..]);
        string[] secrets =
        [
            GenesysSandbox.ClientSecret, "a-secret", cookie.Split('=')[1], query["code"].Single()!, query["state"].Single()!, code,
            tokens.AccessToken, tokens.RefreshToken, person.Email, .. app.Sandbox.Tokens,
            .. app.Sandbox.Verifiers.Where(verifier => verifier.Length > 0),
        ];

        var log = string.Join('\n', app.Logs.Lines);
        var rows = string.Join('\n', await app.QueryAsync<string>("""
            select row_to_json(s)::text from app.genesys_sign_in s
            union all select row_to_json(s)::text from app.genesys_user_session s
            union all select row_to_json(a)::text from app.audit_log a
            """));
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, log, StringComparison.Ordinal));
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, rows, StringComparison.Ordinal));
    }
}
