using System.Net;
using Npgsql;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Tenants;

/// <summary>What happens to signed-in agents when their tenant is mapped to another Genesys organization.</summary>
public sealed class FormerGenesysSessionsTests(TestApp app)
{
    [Theory]
    [InlineData("""{"genesys_org_id": "another", "genesys_region": "eu-central-1"}""")]
    [InlineData("""{"genesys_org_id": "former", "genesys_region": "us-east-1"}""")]
    [InlineData("""{"genesys_org_id": null, "genesys_region": null}""")]
    public async Task Agents_are_signed_out_when_the_tenant_is_mapped_elsewhere(string mapping)
    {
        var organization = await CreateMappedAsync();
        var agent = await app.CreateUserAsync("agent", organization);
        var (one, other, waiting) = (await SignInAsync(agent), await SignInAsync(agent), await app.CreateSignInCodeAsync(agent));
        // A session that began without Genesys, and one of another organization.
        var (ownSession, foreign) = (app.TokenOf(agent), await SignInAsync(await app.CreateUserAsync("agent")));
        Assert.Equal(HttpStatusCode.OK, await app.ReadAsync(one.AccessToken));

        await PutAsync(organization, mapping.Replace("another", $"{Guid.NewGuid()}", StringComparison.Ordinal).Replace(
            "former", $"{organization}", StringComparison.Ordinal));

        foreach (var tokens in new[] { one, other })
        {
            using var refreshed = await app.Http.PostAsync($"{AgentWorld.Auth}/refresh", new { refresh_token = tokens.RefreshToken });
            await refreshed.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_refresh_token");
            Assert.Equal(HttpStatusCode.Unauthorized, await app.ReadAsync(tokens.AccessToken));
            Assert.Equal(HttpStatusCode.Unauthorized, await app.WriteAsync(tokens.AccessToken));
        }
        using var exchanged = await app.ExchangeAsync(waiting);
        await exchanged.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_sign_in_code");
        Assert.Equal(HttpStatusCode.OK, await app.ReadAsync(ownSession));
        Assert.Equal(HttpStatusCode.OK, await app.ReadAsync(foreign.AccessToken));
        Assert.Equal(2, await SessionsEndedAsync(organization));
    }

    [Fact]
    public async Task Agents_stay_when_their_organization_and_region_stay()
    {
        var organization = await CreateMappedAsync();
        var agent = await app.CreateUserAsync("agent", organization);
        var tokens = await SignInAsync(agent);
        await app.ExecuteAsync("update app.tenant set genesys_region = null where organization_id = @organization", new { organization });

        await PutAsync(organization, $$"""{"genesys_org_id": "{{organization}}", "genesys_region": "eu-central-1"}""");

        Assert.Equal(1, await app.SessionsOfAsync(agent));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await app.WriteAsync(tokens.AccessToken));
        Assert.Equal(0, await SessionsEndedAsync(organization));
    }

    [Fact]
    public async Task Import_signs_out_the_agents_of_the_tenants_that_it_changes()
    {
        var (first, second, unchanged) = (await CreateMappedAsync(), await CreateMappedAsync(), await CreateMappedAsync());
        var agents = new[]
        {
            await app.CreateUserAsync("agent", first),
            await app.CreateUserAsync("agent", second),
            await app.CreateUserAsync("agent", unchanged),
        };
        foreach (var agent in agents)
        {
            await SignInAsync(agent);
        }
        var csv = $"tenant_key,genesys_org_id\n{await app.TenantKeyOfAsync(first)},{second}\n{await app.TenantKeyOfAsync(second)},{first}\n{await app.TenantKeyOfAsync(unchanged)},{unchanged}\n";
        using var client = app.As(await app.CreateUserAsync("sb_admin"));

        using var tried = await client.PostAsync($"{TenantWorld.Tenants}/import-mapping", new { csv, dry_run = true });
        await tried.DataAsync();
        Assert.Equal("1 1 1", await SessionsAsync(agents));
        using var done = await client.PostAsync($"{TenantWorld.Tenants}/import-mapping", new { csv });
        await done.DataAsync();

        Assert.Equal("0 0 1", await SessionsAsync(agents));
        Assert.Equal((1, 1), (await SessionsEndedAsync(first), await SessionsEndedAsync(second)));
    }

    [Fact]
    public async Task Sign_in_waits_for_a_change_that_is_being_made_and_is_refused()
    {
        var organization = await CreateMappedAsync();
        var agent = await app.CreateUserAsync("agent", organization);
        var code = await app.CreateSignInCodeAsync(agent);
        await using var other = new NpgsqlConnection(app.Database.Owner);
        await other.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("update app.tenant set genesys_region = 'us-east-1' where organization_id = $1", other, transaction)
        {
            Parameters = { new() { Value = organization } },
        };
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var exchange = app.ExchangeAsync(code);
        await Eventually.HoldsAsync(
            async () => exchange.IsCompleted || await app.IsBlockingAsync(other.ProcessID), "The exchange waits for the tenant.");
        Assert.False(exchange.IsCompleted);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        using var response = await exchange;
        await response.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_sign_in_code");
        Assert.Equal(0, await app.SessionsOfAsync(agent));
    }

    /// <summary>An organization whose tenant is mapped to a Genesys organization of the same id.</summary>
    private async Task<Guid> CreateMappedAsync()
    {
        var organization = await app.CreateOrganizationAsync();
        await app.MapToGenesysAsync(organization, organization.ToString());
        return organization;
    }

    private async Task<TestTokens> SignInAsync(TestUser agent) =>
        await TestTokens.OfAsync(await app.ExchangeAsync(await app.CreateSignInCodeAsync(agent)));

    private async Task<string> SessionsAsync(TestUser[] agents) => string.Join(' ', await Task.WhenAll(agents.Select(app.SessionsOfAsync)));

    private async Task PutAsync(Guid organization, string mapping)
    {
        using var client = app.As(await app.CreateUserAsync("sb_admin"));
        using var response = await client.PutTextAsync($"{TenantWorld.Tenants}/{await app.TenantOfAsync(organization)}/genesys", mapping);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>What the audit log says about the last change of a tenant.</summary>
    private async Task<int> SessionsEndedAsync(Guid organization)
    {
        var entry = (await app.AuditOfAsync(await app.TenantOfAsync(organization)))[^1];
        Assert.Equal("tenant.mapped", entry.Action);
        Assert.True(entry.Json.TryGetProperty("before", out _) && entry.Json.TryGetProperty("after", out _));
        return entry.Json.GetProperty("sessions_ended").GetInt32();
    }
}
