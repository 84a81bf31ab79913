using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Tenants;

public sealed class ImportTenantMappingTests(TestApp app)
{
    private const string Path = $"{TenantWorld.Tenants}/import-mapping";

    [Fact]
    public async Task File_is_checked_then_imported_and_a_second_time_changes_nothing()
    {
        var (first, second) = (await app.CreateOrganizationAsync(), await app.CreateOrganizationAsync());
        await app.MapToGenesysAsync(second, $"old-{second}");
        var (a, b) = (Guid.NewGuid(), Guid.NewGuid());
        var csv = $"\uFEFFtenant_key,genesys_org_id,genesys_region\r\n{await app.TenantKeyOfAsync(first)},{a.ToString().ToUpperInvariant()},us-east-1\r\n{await app.TenantKeyOfAsync(second)},\"{b}\",\r\n";
        using var client = app.As(await app.CreateUserAsync("sb_admin"));

        using var tried = await client.PostAsync(Path, new { csv, dry_run = true });

        (await tried.DataAsync()).AssertIncludes(new { dry_run = true, lines = 2, changed = 2, unchanged = 0 });
        Assert.Equal((null, null), await app.GenesysOfAsync(first));

        using var done = await client.PostAsync(Path, new { csv });

        (await done.DataAsync()).AssertIncludes(new { dry_run = false, lines = 2, changed = 2, unchanged = 0 });
        Assert.Equal((a.ToString(), "us-east-1"), await app.GenesysOfAsync(first));
        // A region that the file does not name stays.
        Assert.Equal((b.ToString(), "eu-central-1"), await app.GenesysOfAsync(second));
        Assert.Single(await app.AuditOfAsync(await app.TenantOfAsync(first)));

        using var again = await client.PostAsync(Path, new { csv });

        (await again.DataAsync()).AssertIncludes(new { changed = 0, unchanged = 2 });
        Assert.Single(await app.AuditOfAsync(await app.TenantOfAsync(first)));
    }

    [Fact]
    public async Task Two_tenants_exchange_their_organizations()
    {
        var (first, second) = (await app.CreateOrganizationAsync(), await app.CreateOrganizationAsync());
        await app.MapToGenesysAsync(first, first.ToString());
        await app.MapToGenesysAsync(second, second.ToString());
        using var client = app.As(await app.CreateUserAsync("sb_admin"));

        using var response = await client.PostAsync(
            Path, new { csv = $"tenant_key,genesys_org_id\n{await app.TenantKeyOfAsync(first)},{second}\n{await app.TenantKeyOfAsync(second)},{first}\n" });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            (second.ToString(), first.ToString()),
            ((await app.GenesysOfAsync(first)).GenesysOrgId!, (await app.GenesysOfAsync(second)).GenesysOrgId!));
    }

    [Fact]
    public async Task Any_error_leaves_everything_as_it_is_and_every_error_names_its_line()
    {
        var (good, bad, other) = (await app.CreateOrganizationAsync(), await app.CreateOrganizationAsync(), await app.CreateOrganizationAsync());
        await app.MapToGenesysAsync(other, other.ToString());
        var (goodKey, badKey) = (await app.TenantKeyOfAsync(good), await app.TenantKeyOfAsync(bad));
        using var client = app.As(await app.CreateUserAsync("sb_admin"));

        foreach (var (lines, members) in new[]
        {
            ($"{badKey},{other}", "csv[3].genesys_org_id"),
            ($"no_such_tenant,{Guid.NewGuid()}", "csv[3].tenant_key"),
            ($"{badKey},", "csv[3].genesys_org_id"),
            ($"{badKey},a b", "csv[3].genesys_org_id"),
            ($"{badKey}", "csv[3].line"),
            ($"{badKey},x,evil.example", "csv[3].line"),
            ($"{goodKey},{Guid.NewGuid()}", "csv[3].tenant_key"),
            ($"{badKey},{good}", "csv[3].genesys_org_id"),
        })
        {
            foreach (var dryRun in new[] { true, false })
            {
                using var response = await client.PostAsync(
                    Path, new { csv = $"tenant_key,genesys_org_id\n{goodKey},{good}\n{lines}\n", dry_run = dryRun });

                Assert.Equal(members, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
            }
        }
        Assert.Equal((null, null), await app.GenesysOfAsync(good));
    }

    [Theory]
    [InlineData("tenant_key,genesys_org_id\n", "csv[1].line")]
    [InlineData("tenant_key\nacme\n", "csv[1].genesys_org_id")]
    [InlineData("tenant_key,genesys_org_id,name\nacme,1,x\n", "csv[1].name")]
    [InlineData("tenant_key,genesys_org_id,tenant_key\nacme,1,acme\n", "csv[1].tenant_key")]
    [InlineData("tenant_key,genesys_org_id,genesys_region\nacme,1,mypurecloud.de\n", "csv[2].genesys_region")]
    public async Task File_of_another_form_is_refused(string csv, string members)
    {
        using var client = app.As(await app.CreateUserAsync("sb_admin"));

        using var response = await client.PostAsync(Path, new { csv });

        Assert.Equal(members, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }
}
