namespace SalesBrain.Tests.App;

/// <summary>Tenants and their Genesys organizations.</summary>
public static class TenantWorld
{
    public const string Tenants = "/api/tenants";
    public const string ByGenesysOrg = $"{Tenants}/by-genesys-org";

    public static Task<Guid> TenantOfAsync(this TestApp app, Guid organizationId) =>
        app.QuerySingleAsync<Guid>("select id from app.tenant where organization_id = @organizationId", new { organizationId });

    public static Task<string> TenantKeyOfAsync(this TestApp app, Guid organizationId) =>
        app.QuerySingleAsync<string>("select tenant_key from app.tenant where organization_id = @organizationId", new { organizationId });

    public static Task MapToGenesysAsync(this TestApp app, Guid organizationId, string genesysOrgId, string region = "eu-central-1") =>
        app.ExecuteAsync(
            "update app.tenant set genesys_org_id = @genesysOrgId, genesys_region = @region where organization_id = @organizationId",
            new { organizationId, genesysOrgId, region });

    /// <summary>The Genesys organization and region of an organization's tenant.</summary>
    public static Task<(string? GenesysOrgId, string? GenesysRegion)> GenesysOfAsync(this TestApp app, Guid organizationId) =>
        app.QuerySingleAsync<(string?, string?)>(
            "select genesys_org_id, genesys_region from app.tenant where organization_id = @organizationId", new { organizationId });
}
