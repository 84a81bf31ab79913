using SalesBrain.Core.Paging;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Organizations;

/// <summary>Users as people manage them; each session finds those that its role reaches.</summary>
public static class Users
{
    private const string Columns = """
        u.id, u.organization_id, u.email, u.first_name, u.last_name, u.role, u.agency_id, a.name as agency_name, u.client_id, c.name as client_name,
        u.status, u.last_sign_in_at, u.version, u.created_at, u.updated_at
        """;

    private const string Joins = """
        left join app.agency a on a.organization_id = u.organization_id and a.id = u.agency_id
        left join app.client c on c.organization_id = u.organization_id and c.id = u.client_id
        """;

    /// <summary>What each order of the list compares.</summary>
    public static SortKey KeyOf(UserSort sort) => sort switch
    {
        UserSort.UpdatedAt => SortKey.Time("updated_at"),
        UserSort.Name => SortKey.Text("sort_name", isOptional: true),
        UserSort.Email => SortKey.Text("email_norm"),
        UserSort.LastSignInAt => SortKey.Time("last_sign_in_at", isOptional: true),
        _ => SortKey.Time("created_at"),
    };

    /// <summary>A page of the users that match, and how many match in all.</summary>
    public static Task<(List<User> Rows, BoundedCount Total)> ListAsync(
        DatabaseSession session, UserFilter filter, PageStart start, CancellationToken cancellationToken)
    {
        const string Matches = """
            (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
            and (@client::uuid is null or t.client_id = @client)
            and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
            and (@ClientId::uuid is null or t.client_id = @ClientId)
            and (cardinality(@Roles) = 0 or t.role = any (@Roles)) and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
            """;
        var scope = SessionScope.Of(session);
        var page = new PageQuery(
            new("user"), Matches, start, Finder.Of("user", SearchTerm.Of(filter.Search), scope.OrganizationId ?? filter.OrganizationId), scope);
        return page.ReadAsync<User>(
            session,
            Columns,
            $"""
            join app.user u on u.id = p.id
            {Joins}
            """,
            new
            {
                org = scope.OrganizationId,
                agency = scope.AgencyId,
                client = scope.ClientId,
                filter.OrganizationId,
                filter.AgencyId,
                filter.ClientId,
                filter.Roles,
                filter.Statuses,
            },
            cancellationToken);
    }

    /// <summary>One user; null if the session cannot see one with the id.</summary>
    public static Task<User?> FindAsync(DatabaseSession session, Guid userId, CancellationToken cancellationToken) =>
        FindAsync(session, userId, "", cancellationToken);

    /// <summary>Locks one user until the transaction ends; null if the session cannot change one with the id.</summary>
    public static Task<User?> LockAsync(DatabaseSession session, Guid userId, CancellationToken cancellationToken) =>
        // Not "for update": that would block writing rows that refer to the user.
        FindAsync(session, userId, "for no key update of u", cancellationToken);

    /// <summary>
    /// Adds a user; the hash is null for one who is invited. Throws <see cref="Npgsql.PostgresException"/> with constraint
    /// <c>user_email_norm_key</c> when the address is taken, and with a foreign key's when organization, agency or client are not there.
    /// </summary>
    public static Task AddAsync(DatabaseSession session, User user, string? passwordHash, CancellationToken cancellationToken)
    {
        var parameters = user.Expecting(null);
        parameters.Add("passwordHash", passwordHash);
        return session.ExecuteAsync("""
            insert into app.user (
                id, organization_id, email, email_norm, password_hash, first_name, last_name, role, agency_id, client_id, status, created_at, updated_at)
            values (
                @Id, @OrganizationId, @Email, @EmailNorm, @passwordHash, @FirstName, @LastName, @Role, @AgencyId, @ClientId, @Status, @CreatedAt, @UpdatedAt)
            """, parameters, cancellationToken);
    }

    /// <summary>
    /// Updates a locked user. False if its version is not one of the given ones; null accepts any version. Throws
    /// <see cref="Npgsql.PostgresException"/> as <see cref="AddAsync"/>, and with constraint <c>user_last_owner_check</c> if the
    /// organization would have no active owner.
    /// </summary>
    public static async Task<bool> UpdateAsync(DatabaseSession session, User user, long[]? versions, CancellationToken cancellationToken) =>
        await session.ExecuteAsync("""
            update app.user u set
                email = @Email, email_norm = @EmailNorm, first_name = @FirstName, last_name = @LastName, role = @Role, agency_id = @AgencyId,
                client_id = @ClientId, status = @Status, updated_at = @UpdatedAt
            where u.organization_id is not distinct from @OrganizationId::uuid and u.id = @Id
                and (@versions::bigint[] is null or u.version = any (@versions))
            """, user.Expecting(versions), cancellationToken) == 1;

    /// <summary>
    /// Invalidates all links with which a user could set a password, because the e-mail address or the user's status has changed.
    /// </summary>
    public static Task EndPasswordLinksAsync(DatabaseSession session, User user, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            delete from app.password_token p where p.organization_id is not distinct from @OrganizationId::uuid and p.user_id = @Id
            """, new { user.OrganizationId, user.Id }, cancellationToken);

    private static Task<User?> FindAsync(DatabaseSession session, Guid userId, string locking, CancellationToken cancellationToken)
    {
        var scope = SessionScope.Of(session);
        return session.QuerySingleOrDefaultAsync<User>($"""
            select {Columns}
            from app.user u
            {Joins}
            where u.id = @userId and (@org::uuid is null or u.organization_id = @org) and (@agency::uuid is null or u.agency_id = @agency)
                and (@client::uuid is null or u.client_id = @client)
            {locking}
            """, new { userId, org = scope.OrganizationId, agency = scope.AgencyId, client = scope.ClientId }, cancellationToken);
    }
}
