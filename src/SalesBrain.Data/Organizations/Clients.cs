using Dapper;
using SalesBrain.Core.Paging;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Organizations;

/// <summary>Clients as people manage them; each session finds those that its role reaches.</summary>
public static class Clients
{
    private const string Columns = """
        c.id, c.organization_id, c.agency_id, a.name as agency_name, c.name, c.contact_email, c.phone, c.website, c.address_line1, c.address_line2,
        c.city, c.region, c.postal_code, c.country, c.industry, c.status, c.google_business_profile, c.google_search_console, c.google_analytics,
        c.metadata, c.version, c.created_at, c.updated_at
        """;

    /// <summary>The sort key of each order.</summary>
    public static SortKey KeyOf(ClientSort sort) => sort switch
    {
        ClientSort.UpdatedAt => SortKey.Time("updated_at"),
        ClientSort.Name => SortKey.Text("sort_name"),
        _ => SortKey.Time("created_at"),
    };

    /// <summary>A page of the clients that match, and how many match in all.</summary>
    public static Task<(List<Client> Rows, BoundedCount Total)> ListAsync(
        DatabaseSession session, ClientFilter filter, PageStart start, CancellationToken cancellationToken) =>
        PageQuery.ReadAsync<Client>(session, ListStatement(SessionScope.Of(session), filter, start), cancellationToken);

    internal static Statement ListStatement(SessionScope scope, ClientFilter filter, PageStart start)
    {
        const string Matches = """
            (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency) and (@client::uuid is null or t.id = @client)
            and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
            and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
            """;
        var finder = Finder.OfTerm(filter.Search, "client", scope, scope.OrganizationId ?? filter.OrganizationId);
        return new PageQuery("client", Matches, start, finder).ToStatement(
            Columns,
            """
            join app.client c on c.id = p.id
            left join app.agency a on a.organization_id = c.organization_id and a.id = c.agency_id
            """,
            new
            {
                org = scope.OrganizationId,
                agency = scope.AgencyId,
                client = scope.ClientId,
                filter.OrganizationId,
                filter.AgencyId,
                filter.Statuses,
            });
    }

    /// <summary>One client; null if the session cannot see one with the id.</summary>
    public static Task<Client?> FindAsync(DatabaseSession session, Guid clientId, CancellationToken cancellationToken) =>
        FindAsync(session, clientId, "", cancellationToken);

    /// <summary>Locks one client until the transaction ends; null if the session cannot change one with the id.</summary>
    public static Task<Client?> LockAsync(DatabaseSession session, Guid clientId, CancellationToken cancellationToken) =>
        // Not "for update": that would block adding a lead of it.
        FindAsync(session, clientId, "for no key update of c", cancellationToken);

    /// <summary>Adds a client to the organization of its agency; false when the session reaches no such agency.</summary>
    public static async Task<bool> AddAsync(DatabaseSession session, Client client, CancellationToken cancellationToken)
    {
        var scope = SessionScope.Of(session);
        var parameters = new DynamicParameters(client);
        parameters.Add("org", scope.OrganizationId);
        parameters.Add("agency", scope.AgencyId);
        return await session.ExecuteAsync("""
            insert into app.client (
                id, organization_id, agency_id, name, contact_email, phone, website, address_line1, address_line2, city, region, postal_code, country,
                industry, status, google_business_profile, google_search_console, google_analytics, metadata, created_at, updated_at)
            select @Id, a.organization_id, a.id, @Name, @ContactEmail, @Phone, @Website, @AddressLine1, @AddressLine2, @City, @Region, @PostalCode, @Country,
                @Industry, @Status, @GoogleBusinessProfile::jsonb, @GoogleSearchConsole::jsonb, @GoogleAnalytics::jsonb, @Metadata, @CreatedAt, @UpdatedAt
            from app.agency a
            where a.id = @AgencyId and (@org::uuid is null or a.organization_id = @org) and (@agency::uuid is null or a.id = @agency)
            """, parameters, cancellationToken) == 1;
    }

    /// <summary>
    /// Writes what may change of a locked client, with the audit entry; returns it as it is now. Its campaigns and leads go with it to
    /// another agency. Throws <see cref="Npgsql.PostgresException"/> with constraint <c>client_agency_fkey</c> when its organization has no
    /// such agency.
    /// </summary>
    public static Task<Client> UpdateAsync(DatabaseSession session, Client client, AuditEntry entry, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<Client>($"""
            update app.client c set
                agency_id = @AgencyId, name = @Name, contact_email = @ContactEmail, phone = @Phone, website = @Website, address_line1 = @AddressLine1,
                address_line2 = @AddressLine2, city = @City, region = @Region, postal_code = @PostalCode, country = @Country, industry = @Industry,
                status = @Status, google_business_profile = @GoogleBusinessProfile::jsonb, google_search_console = @GoogleSearchConsole::jsonb,
                google_analytics = @GoogleAnalytics::jsonb, metadata = @Metadata, updated_at = @UpdatedAt
            from (values (@OrganizationId, @AgencyId)) n (organization_id, agency_id)
            left join app.agency a on a.organization_id = n.organization_id and a.id = n.agency_id
            where c.organization_id = @OrganizationId and c.id = @Id
            returning {Columns};

            {AuditLog.Insert}
            """, AuditLog.With(client, entry), cancellationToken);

    /// <summary>Deletes a locked client; false when other rows reference it.</summary>
    public static Task<bool> DeleteAsync(DatabaseSession session, Client client, CancellationToken cancellationToken) =>
        References.DeleteAsync(() => session.ExecuteAsync("""
            delete from app.client c where c.organization_id = @OrganizationId and c.id = @Id
            """, new { client.OrganizationId, client.Id }, cancellationToken));

    private static Task<Client?> FindAsync(DatabaseSession session, Guid clientId, string locking, CancellationToken cancellationToken)
    {
        var scope = SessionScope.Of(session);
        return session.QuerySingleOrDefaultAsync<Client>($"""
            select {Columns}
            from app.client c
            left join app.agency a on a.organization_id = c.organization_id and a.id = c.agency_id
            where c.id = @clientId and (@org::uuid is null or c.organization_id = @org) and (@agency::uuid is null or c.agency_id = @agency)
                and (@client::uuid is null or c.id = @client)
            {locking}
            """, new { clientId, org = scope.OrganizationId, agency = scope.AgencyId, client = scope.ClientId }, cancellationToken);
    }
}
