using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Tenants;

public sealed class GetTenantByGenesysOrgTests(GetTenantByGenesysOrgTests.KeyedTenants app)
    : IClassFixture<GetTenantByGenesysOrgTests.KeyedTenants>
{
    private const string Key = "a key that only the other service has";

    [Fact]
    public async Task Service_with_the_key_finds_the_tenant()
    {
        var (organization, genesysOrg) = await CreateAsync();
        using var request = new HttpRequestMessage(
            HttpMethod.Get, $"{TenantWorld.ByGenesysOrg}/{genesysOrg.ToString().ToUpperInvariant()}");
        request.Headers.Add("X-Service-Key", Key);

        using var response = await app.Http.SendAsync(request);

        (await response.DataAsync()).AssertIncludes(new
        {
            id = await app.TenantOfAsync(organization),
            tenant_key = await app.TenantKeyOfAsync(organization),
            organization_id = organization,
            status = "active",
            organization_status = "active",
            genesys_org_id = genesysOrg,
            genesys_region = "eu-central-1",
        });
    }

    [Theory]
    [InlineData("sb_admin")]
    [InlineData("sb_operator")]
    public async Task Platform_operator_finds_the_tenant(string role)
    {
        var (organization, genesysOrg) = await CreateAsync();
        using var client = app.As(await app.CreateUserAsync(role));

        Assert.Equal(
            organization, (await client.GetDataAsync($"{TenantWorld.ByGenesysOrg}/{genesysOrg}")).GetProperty("organization_id").GetGuid());
        using var unknown = await client.GetAsync($"{TenantWorld.ByGenesysOrg}/{Guid.NewGuid()}");
        await unknown.ProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Everybody_else_gets_404_whether_or_not_the_organization_is_mapped()
    {
        var (organization, genesysOrg) = await CreateAsync();
        var owner = await app.CreateUserAsync("owner", organization);
        foreach (var (token, key) in new (string?, string?)[] { (null, null), (null, "another key, which is as long as that"), (app.TokenOf(owner), null), ("e30.e30.e30", null), (null, "") })
        {
            var texts = new List<string>();
            foreach (var id in new[] { genesysOrg, Guid.NewGuid() })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"{TenantWorld.ByGenesysOrg}/{id}");
                if (token is not null)
                {
                    request.Headers.Authorization = new("Bearer", token);
                }
                if (key is not null)
                {
                    request.Headers.TryAddWithoutValidation("X-Service-Key", key);
                }
                using var response = await app.Http.SendAsync(request);
                var problem = await response.ProblemAsync(HttpStatusCode.NotFound, "not_found");
                texts.Add(problem.ToString().Replace(problem.GetProperty("trace_id").GetString()!, "", StringComparison.Ordinal));
            }
            Assert.Equal(texts[0], texts[1]);
        }
        Assert.DoesNotContain(Key, string.Join('\n', app.Logs.Lines), StringComparison.Ordinal);
    }

    private async Task<(Guid Organization, Guid GenesysOrg)> CreateAsync()
    {
        var (organization, genesysOrg) = (await app.CreateOrganizationAsync(), Guid.NewGuid());
        await app.MapToGenesysAsync(organization, genesysOrg.ToString());
        return (organization, genesysOrg);
    }

    public sealed class KeyedTenants : TestApp
    {
        public override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Tenants:ServiceKey", Key)];
    }
}
