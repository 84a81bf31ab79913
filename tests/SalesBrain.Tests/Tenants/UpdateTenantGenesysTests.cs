using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Tenants;

public sealed class UpdateTenantGenesysTests(TestApp app)
{
    [Fact]
    public async Task Tenant_is_mapped_and_unmapped_and_it_is_written_down()
    {
        var organization = await app.CreateOrganizationAsync();
        var (tenant, admin) = (await app.TenantOfAsync(organization), await app.CreateUserAsync("sb_admin"));
        using var client = app.As(admin);
        var genesysOrg = Guid.NewGuid();

        using var mapped = await client.PutAsync(
            $"{TenantWorld.Tenants}/{tenant}/genesys",
            new { genesys_org_id = $" {genesysOrg.ToString().ToUpperInvariant()} ", genesys_region = "us-east-1" });

        (await mapped.DataAsync())
            .AssertIncludes(new { genesys_org_id = genesysOrg, genesys_region = "us-east-1", organization_id = organization });
        Assert.Equal((genesysOrg.ToString(), "us-east-1"), await app.GenesysOfAsync(organization));
        using var owner = app.As(await app.CreateUserAsync("owner", organization));
        Assert.Equal(genesysOrg, (await owner.GetDataAsync($"{TenantWorld.Tenants}/{tenant}")).GetProperty("genesys_org_id").GetGuid());

        using var unmapped = await client.PutTextAsync(
            $"{TenantWorld.Tenants}/{tenant}/genesys", """{"genesys_org_id": null, "genesys_region": null}""");

        Assert.Equal(HttpStatusCode.OK, unmapped.StatusCode);
        Assert.Equal((null, null), await app.GenesysOfAsync(organization));
        var entries = await app.AuditOfAsync(tenant);
        Assert.Equal(2, entries.Count);
        Assert.All(
            entries, entry => Assert.Equal(("tenant.mapped", admin.Id, organization), (entry.Action, entry.ActorId, entry.OrganizationId)));
    }

    [Fact]
    public async Task Genesys_organization_belongs_to_one_tenant()
    {
        var (first, second) = (await app.CreateOrganizationAsync(), await app.CreateOrganizationAsync());
        await app.MapToGenesysAsync(first, first.ToString());
        using var client = app.As(await app.CreateUserAsync("sb_admin"));

        using var response = await client.PutAsync(
            $"{TenantWorld.Tenants}/{await app.TenantOfAsync(second)}/genesys",
            new { genesys_org_id = first, genesys_region = "us-east-1" });

        await response.ProblemAsync(HttpStatusCode.Conflict, "already_exists");
        Assert.Equal((null, null), await app.GenesysOfAsync(second));
    }

    [Theory]
    [InlineData("""{"genesys_org_id": "acme"}""", "genesys_region")]
    [InlineData("""{"genesys_org_id": "acme", "genesys_region": null}""", "genesys_region")]
    [InlineData("""{"genesys_org_id": null, "genesys_region": "us-east-1"}""", "genesys_org_id")]
    [InlineData("""{"genesys_org_id": "acme", "genesys_region": "evil.example"}""", "genesys_region")]
    [InlineData("""{"genesys_org_id": "ac me", "genesys_region": "us-east-1"}""", "genesys_org_id")]
    public async Task Bad_input_is_refused_by_member(string body, string member)
    {
        var organization = await app.CreateOrganizationAsync();
        using var client = app.As(await app.CreateUserAsync("sb_admin"));

        using var response = await client.PutTextAsync($"{TenantWorld.Tenants}/{await app.TenantOfAsync(organization)}/genesys", body);

        Assert.Equal(member, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }
}
