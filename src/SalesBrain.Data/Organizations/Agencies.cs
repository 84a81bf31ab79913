using SalesBrain.Core.Paging;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Organizations;

/// <summary>Agencies as people manage them; each session finds those that its role reaches.</summary>
public static class Agencies
{
    private const string Columns = """
        a.id, a.organization_id, a.name, a.domain, a.email, a.phone, a.website, a.address_line1, a.address_line2, a.city, a.region, a.postal_code,
        a.country, a.status, a.metadata, a.version, a.created_at, a.updated_at
        """;

    /// <summary>The sort key of each order.</summary>
    public static SortKey KeyOf(AgencySort sort) => sort switch
    {
        AgencySort.UpdatedAt => SortKey.Time("updated_at"),
        AgencySort.Name => SortKey.Text("sort_name"),
        _ => SortKey.Time("created_at"),
    };

    /// <summary>A page of the agencies that match, and how many match in all.</summary>
    public static Task<(List<Agency> Rows, BoundedCount Total)> ListAsync(
        DatabaseSession session, AgencyFilter filter, PageStart start, CancellationToken cancellationToken) =>
        PageQuery.ReadAsync<Agency>(session, ListStatement(SessionScope.Of(session), filter, start), cancellationToken);

    internal static Statement ListStatement(SessionScope scope, AgencyFilter filter, PageStart start)
    {
        const string Matches = """
            (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.id = @agency) and @client::uuid is null
            and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
            and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
            """;
        var finder = Finder.OfTerm(filter.Search, "agency", scope, scope.OrganizationId ?? filter.OrganizationId);
        return new PageQuery("agency", Matches, start, finder).ToStatement(
            Columns,
            """
            join app.agency a on a.id = p.id
            """,
            new { org = scope.OrganizationId, agency = scope.AgencyId, client = scope.ClientId, filter.OrganizationId, filter.Statuses });
    }

    /// <summary>One agency; null if the session cannot see one with the id.</summary>
    public static Task<Agency?> FindAsync(DatabaseSession session, Guid agencyId, CancellationToken cancellationToken) =>
        FindAsync(session, agencyId, "", cancellationToken);

    /// <summary>Locks one agency until the transaction ends; null if the session cannot change one with the id.</summary>
    public static Task<Agency?> LockAsync(DatabaseSession session, Guid agencyId, CancellationToken cancellationToken) =>
        // Not "for update": that would block adding a client to it.
        FindAsync(session, agencyId, "for no key update", cancellationToken);

    /// <summary>Adds an agency; false when its organization does not exist.</summary>
    public static async Task<bool> AddAsync(DatabaseSession session, Agency agency, CancellationToken cancellationToken) =>
        await session.ExecuteAsync("""
            insert into app.agency (
                id, organization_id, name, domain, email, phone, website, address_line1, address_line2, city, region, postal_code, country, status,
                metadata, created_at, updated_at)
            select @Id, o.id, @Name, @Domain, @Email, @Phone, @Website, @AddressLine1, @AddressLine2, @City, @Region, @PostalCode, @Country, @Status,
                @Metadata, @CreatedAt, @UpdatedAt
            from app.organization o
            where o.id = @OrganizationId
            """, agency, cancellationToken) == 1;

    /// <summary>Writes what may change of a locked agency, with the audit entry; returns it as it is now.</summary>
    public static Task<Agency> UpdateAsync(DatabaseSession session, Agency agency, AuditEntry entry, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<Agency>($"""
            update app.agency a set
                name = @Name, domain = @Domain, email = @Email, phone = @Phone, website = @Website, address_line1 = @AddressLine1,
                address_line2 = @AddressLine2, city = @City, region = @Region, postal_code = @PostalCode, country = @Country, status = @Status,
                metadata = @Metadata, updated_at = @UpdatedAt
            where a.organization_id = @OrganizationId and a.id = @Id
            returning {Columns};

            {AuditLog.Insert}
            """, AuditLog.With(agency, entry), cancellationToken);

    /// <summary>Deletes a locked agency; false when other rows reference it.</summary>
    public static Task<bool> DeleteAsync(DatabaseSession session, Agency agency, CancellationToken cancellationToken) =>
        References.DeleteAsync(() => session.ExecuteAsync("""
            delete from app.agency a where a.organization_id = @OrganizationId and a.id = @Id
            """, new { agency.OrganizationId, agency.Id }, cancellationToken));

    private static Task<Agency?> FindAsync(DatabaseSession session, Guid agencyId, string locking, CancellationToken cancellationToken)
    {
        var scope = SessionScope.Of(session);
        return session.QuerySingleOrDefaultAsync<Agency>($"""
            select {Columns}
            from app.agency a
            where a.id = @agencyId and (@org::uuid is null or a.organization_id = @org) and (@agency::uuid is null or a.id = @agency) and @client::uuid is null
            {locking}
            """, new { agencyId, org = scope.OrganizationId, agency = scope.AgencyId, client = scope.ClientId }, cancellationToken);
    }
}
