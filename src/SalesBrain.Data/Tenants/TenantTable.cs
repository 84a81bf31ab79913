using SalesBrain.Core.Tenants;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Tenants;

/// <summary>The tenants, one for each organization; a tenant session finds its own.</summary>
public static class TenantTable
{
    private const string Columns = """
        t.id, t.tenant_key, t.status, t.organization_id, o.name as organization_name, o.status as organization_status, t.genesys_org_id, t.genesys_region,
        exists (select from app.whatsapp_account a where a.organization_id = t.organization_id and a.status = 'configured') as whatsapp_configured,
        t.created_at, t.updated_at
        """;

    /// <summary>One tenant; null if the session cannot see one with the id.</summary>
    public static Task<Tenant?> FindAsync(DatabaseSession session, Guid tenantId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<Tenant>($"""
            select {Columns}
            from app.tenant t
            join app.organization o on o.id = t.organization_id
            where t.id = @tenantId and (@org::uuid is null or t.organization_id = @org)
            """, new { tenantId, org = session.OrganizationId }, cancellationToken);

    /// <summary>The tenant of a Genesys organization; null if none is mapped to it.</summary>
    public static Task<Tenant?> FindByGenesysOrgAsync(PlatformSession session, string genesysOrgId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<Tenant>($"""
            select {Columns}
            from app.tenant t
            join app.organization o on o.id = t.organization_id
            where t.genesys_org_id = @genesysOrgId
            """, new { genesysOrgId }, cancellationToken);

    /// <summary>
    /// The tenant of a Genesys organization; null if none is mapped to it. Changes of its mapping, and imports of its agents, wait until the
    /// transaction ends.
    /// </summary>
    public static Task<Tenant?> HoldByGenesysOrgAsync(PlatformSession session, string genesysOrgId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<Tenant>($"""
            select {Columns}
            from app.tenant t
            join app.organization o on o.id = t.organization_id
            where t.genesys_org_id = @genesysOrgId
            for share of t
            """, new { genesysOrgId }, cancellationToken);

    /// <summary>Locks one tenant until the transaction ends; null if there is none with the id.</summary>
    public static Task<Tenant?> LockAsync(PlatformSession session, Guid tenantId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<Tenant>($"""
            select {Columns}
            from app.tenant t
            join app.organization o on o.id = t.organization_id
            where t.id = @tenantId
            for no key update of t
            """, new { tenantId }, cancellationToken);

    /// <summary>The tenants with one of the keys or one of the Genesys organizations, locked until the transaction ends.</summary>
    public static Task<List<MappedTenant>> LockMappedAsync(
        PlatformSession session, IEnumerable<string> tenantKeys, IEnumerable<string> genesysOrgIds, CancellationToken cancellationToken) =>
        session.QueryAsync<MappedTenant>("""
            select id, organization_id, tenant_key, genesys_org_id, genesys_region
            from app.tenant
            where tenant_key = any (@keys) or genesys_org_id = any (@ids)
            -- In order: two imports wait for one another instead of deadlocking.
            order by id for no key update
            """, new { keys = tenantKeys.ToArray(), ids = genesysOrgIds.ToArray() }, cancellationToken);

    /// <summary>
    /// Sets the Genesys organizations of locked tenants. First clears them all, because two tenants can exchange their organizations.
    /// Throws <see cref="Npgsql.PostgresException"/> with constraint <c>tenant_genesys_org_id_key</c> if another tenant has one.
    /// </summary>
    public static Task SetGenesysAsync(
        PlatformSession session, IReadOnlyCollection<MappedTenant> tenants, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            update app.tenant set genesys_org_id = null where id = any (@ids);

            update app.tenant t set genesys_org_id = m.genesys_org_id, genesys_region = m.genesys_region, updated_at = @now
            from unnest(@ids, @orgIds, @regions) as m (id, genesys_org_id, genesys_region)
            where t.id = m.id
            """, new
        {
            ids = tenants.Select(tenant => tenant.Id).ToArray(),
            orgIds = tenants.Select(tenant => tenant.GenesysOrgId).ToArray(),
            regions = tenants.Select(tenant => tenant.GenesysRegion).ToArray(),
            now,
        }, cancellationToken);
}
