using System.Text.Json;
using Dapper;
using SalesBrain.Core.Paging;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Organizations;

/// <summary>Organizations as people manage them; a tenant session finds its own.</summary>
public static class OrganizationTable
{
    private const string Columns = """
        o.id, o.name, o.slug, o.status, o.timezone, o.settings, n.tenant_key, n.genesys_org_id, n.genesys_region, o.version, o.created_at, o.updated_at
        """;

    /// <summary>The sort key of each order.</summary>
    public static SortKey KeyOf(OrganizationSort sort) => sort switch
    {
        OrganizationSort.UpdatedAt => SortKey.Time("updated_at"),
        OrganizationSort.Name => SortKey.Text("sort_name"),
        _ => SortKey.Time("created_at"),
    };

    /// <summary>A page of the organizations that match, and how many match in all.</summary>
    public static Task<(List<Organization> Rows, BoundedCount Total)> ListAsync(
        DatabaseSession session, OrganizationFilter filter, PageStart start, CancellationToken cancellationToken) =>
        PageQuery.ReadAsync<Organization>(session, ListStatement(SessionScope.Of(session), filter, start), cancellationToken);

    internal static Statement ListStatement(SessionScope scope, OrganizationFilter filter, PageStart start)
    {
        const string Matches = """
            (@org::uuid is null or t.id = @org) and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
            """;
        var finder = Finder.OfTerm(filter.Search, "organization", scope, scope.OrganizationId);
        return new PageQuery("organization", Matches, start, finder).ToStatement(
            Columns,
            """
            join app.organization o on o.id = p.id
            left join app.tenant n on n.organization_id = o.id
            """,
            new { org = scope.OrganizationId, filter.Statuses });
    }

    /// <summary>One organization; null if the session cannot see one with the id.</summary>
    public static Task<Organization?> FindAsync(DatabaseSession session, Guid organizationId, CancellationToken cancellationToken) =>
        FindAsync(session, organizationId, "", cancellationToken);

    /// <summary>Locks one organization until the transaction ends; null if the session cannot change one with the id.</summary>
    public static Task<Organization?> LockAsync(DatabaseSession session, Guid organizationId, CancellationToken cancellationToken) =>
        // Not "for update": that would block every write of a row of the organization.
        FindAsync(session, organizationId, "for no key update of o", cancellationToken);

    /// <summary>
    /// Adds an organization with its tenant. Throws <see cref="Npgsql.PostgresException"/> with constraint <c>organization_slug_key</c> or
    /// <c>tenant_tenant_key_key</c> if the slug or key is already used.
    /// </summary>
    public static Task AddAsync(PlatformSession session, Organization organization, Guid tenantId, CancellationToken cancellationToken)
    {
        var parameters = new DynamicParameters(organization);
        parameters.Add("tenantId", tenantId);
        return session.ExecuteAsync("""
            insert into app.organization (id, name, slug, status, timezone, settings, created_at, updated_at)
            values (@Id, @Name, @Slug, @Status, @Timezone, @Settings, @CreatedAt, @UpdatedAt);

            insert into app.tenant (id, organization_id, tenant_key, genesys_org_id, genesys_region, created_at, updated_at)
            values (@tenantId, @Id, @TenantKey, @GenesysOrgId, @GenesysRegion, @CreatedAt, @UpdatedAt)
            """, parameters, cancellationToken);
    }

    /// <summary>Writes what a locked organization may change of itself, with the audit entry; returns it as it is now.</summary>
    public static Task<Organization> UpdateAsync(
        DatabaseSession session, Organization organization, AuditEntry entry, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<Organization>($"""
            update app.organization o set name = @Name, timezone = @Timezone, settings = @Settings, updated_at = @UpdatedAt
            from (values (@Id)) i (id)
            left join app.tenant n on n.organization_id = i.id
            where o.id = @Id
            returning {Columns};

            {AuditLog.Insert}
            """, AuditLog.With(organization, entry), cancellationToken);

    /// <summary>
    /// Also updates the fields that only the platform can change. Throws <see cref="Npgsql.PostgresException"/> with constraint
    /// <c>organization_slug_key</c> if the slug is already used.
    /// </summary>
    public static Task<Organization> UpdateAsPlatformAsync(
        PlatformSession session, Organization organization, AuditEntry entry, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<Organization>($"""
            update app.organization o set
                name = @Name, slug = @Slug, status = @Status, timezone = @Timezone, settings = @Settings, updated_at = @UpdatedAt
            from (values (@Id)) i (id)
            left join app.tenant n on n.organization_id = i.id
            where o.id = @Id
            returning {Columns};

            {AuditLog.Insert}
            """, AuditLog.With(organization, entry), cancellationToken);

    /// <summary>
    /// Deletes a locked organization with its tenant and the product's own counts; false when other rows reference it. Its audit log stays
    /// without an organization.
    /// </summary>
    public static Task<bool> DeleteAsync(PlatformSession session, Organization organization, CancellationToken cancellationToken) =>
        References.DeleteAsync(async () => (await session.QueryAsync<Guid>("""
            select o.id
            from app.organization o
            cross join lateral app.delete_organization(o.id)
            where o.id = @Id
            """, new { organization.Id }, cancellationToken)).Count);

    /// <summary>The settings of an organization; null if the session cannot see it. For what SalesBrain itself reads of them.</summary>
    public static Task<JsonElement?> FindSettingsAsync(DatabaseSession session, Guid organizationId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<JsonElement?>("""
            select o.settings from app.organization o where o.id = @organizationId
            """, new { organizationId }, cancellationToken);

    /// <summary>
    /// The IANA time zone with this name (case-insensitive), in its canonical spelling; null if PostgreSQL does not know it.
    /// </summary>
    public static async Task<string?> FindTimezoneAsync(DatabaseSession session, string name, CancellationToken cancellationToken) =>
        (await session.QueryAsync<string>("""
            select z.name from app.time_zone_names() as z (name) where lower(z.name) = lower(@name)
            """, new { name }, cancellationToken)).FirstOrDefault();

    /// <summary>The names of all time zones. Slow: PostgreSQL reads a file for each.</summary>
    public static Task<List<string>> ListTimezonesAsync(DatabaseSession session, CancellationToken cancellationToken) =>
        session.QueryAsync<string>("select z.name from app.time_zone_names() as z (name)", null, cancellationToken);

    private static Task<Organization?> FindAsync(
        DatabaseSession session, Guid organizationId, string locking, CancellationToken cancellationToken)
    {
        var scope = SessionScope.Of(session);
        return session.QuerySingleOrDefaultAsync<Organization>($"""
            select {Columns}
            from app.organization o
            left join app.tenant n on n.organization_id = o.id
            where o.id = @organizationId and (@org::uuid is null or o.id = @org)
            {locking}
            """, new { organizationId, org = scope.OrganizationId }, cancellationToken);
    }
}
