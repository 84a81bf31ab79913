using Dapper;
using SalesBrain.Core.Paging;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Organizations;

/// <summary>Users as people manage them; each session finds those that its role reaches.</summary>
public static class Users
{
    private const string Columns = """
        u.id, u.organization_id, u.email, e.email as pending_email, u.first_name, u.last_name, u.role, u.agency_id, a.name as agency_name, u.client_id, c.name as client_name,
        u.status, u.last_sign_in_at, u.version, u.created_at, u.updated_at
        """;

    private const string Joins = """
        left join app.agency a on a.organization_id = u.organization_id and a.id = u.agency_id
        left join app.client c on c.organization_id = u.organization_id and c.id = u.client_id
        left join app.email_change e on e.user_id = u.id and e.expires_at > now()
        """;

    private const string IsReached = """
        u.id = @userId and (@org::uuid is null or u.organization_id = @org) and (@agency::uuid is null or u.agency_id = @agency)
            and (@client::uuid is null or u.client_id = @client)
        """;

    /// <summary>The sort key of each order.</summary>
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
        DatabaseSession session, UserFilter filter, PageStart start, CancellationToken cancellationToken) =>
        PageQuery.ReadAsync<User>(session, ListStatement(SessionScope.Of(session), filter, start), cancellationToken);

    internal static Statement ListStatement(SessionScope scope, UserFilter filter, PageStart start)
    {
        const string Matches = """
            (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
            and (@client::uuid is null or t.client_id = @client)
            and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
            and (@ClientId::uuid is null or t.client_id = @ClientId)
            and (cardinality(@Roles) = 0 or t.role = any (@Roles)) and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
            """;
        var finder = Finder.OfTerm(filter.Search, "user", scope, scope.OrganizationId ?? filter.OrganizationId);
        return new PageQuery("user", Matches, start, finder).ToStatement(
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
            });
    }

    /// <summary>One user; null if the session cannot see one with the id.</summary>
    public static Task<User?> FindAsync(DatabaseSession session, Guid userId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<User>($"""
            select {Columns}
            from app.user u
            {Joins}
            where {IsReached}
            """, ReachOf(session, userId), cancellationToken);

    /// <summary>
    /// One user that nobody else changes until the transaction ends, null when the session may change none with the id; and whether the
    /// session reaches such a user at all.
    /// </summary>
    public static Task<(User? Locked, bool IsVisible)> LockAsync(
        DatabaseSession session, Guid userId, CancellationToken cancellationToken) =>
        // Not "for update": other sessions that write a row that names the user would wait.
        session.QueryMultipleAsync($"""
            select {Columns}
            from app.user u
            {Joins}
            where {IsReached}
            for no key update of u;

            select exists (select from app.user u where {IsReached})
            """, ReachOf(session, userId), async (results, token) =>
            ((await results.ReadAsync<User>(token)).SingleOrDefault(), (await results.ReadAsync<bool>(token)).Single()), cancellationToken);

    /// <summary>
    /// Adds a user; the hash is null for one who is invited. Throws <see cref="Npgsql.PostgresException"/> with constraint
    /// <c>user_email_norm_key</c> when the address is taken, and with a foreign key's when organization, agency or client are not there.
    /// </summary>
    public static Task AddAsync(DatabaseSession session, User user, string? passwordHash, CancellationToken cancellationToken)
    {
        var parameters = new DynamicParameters(user);
        parameters.Add("passwordHash", passwordHash);
        return session.ExecuteAsync("""
            insert into app.user (
                id, organization_id, email, email_norm, password_hash, first_name, last_name, role, agency_id, client_id, status, created_at, updated_at)
            values (
                @Id, @OrganizationId, @Email, @EmailNorm, @passwordHash, @FirstName, @LastName, @Role, @AgencyId, @ClientId, @Status, @CreatedAt, @UpdatedAt)
            """, parameters, cancellationToken);
    }

    /// <summary>
    /// Writes what may change of a locked user, with the audit entry; returns it as it is now. <see cref="Auth.EmailChanges"/> writes the
    /// pending address. With another address, or disabled, every link to set a password ends: the address may belong to another person now.
    /// Throws <see cref="Npgsql.PostgresException"/> as <see cref="AddAsync"/>, and with constraint <c>user_last_owner_check</c> when the
    /// organization would be left without an active owner.
    /// </summary>
    public static async Task<User> UpdateAsync(DatabaseSession session, User user, AuditEntry entry, CancellationToken cancellationToken)
    {
        var updated = await session.QuerySingleAsync<User>($"""
            with ended as (
                delete from app.password_token p
                using app.user o
                where p.organization_id is not distinct from @OrganizationId::uuid and p.user_id = @Id
                    and o.id = p.user_id and (o.email_norm <> @EmailNorm or @Status = 'disabled'))
            update app.user u set
                -- An address from before addresses were cleaned stays as it is until it is changed.
                email = @Email, email_norm = case when u.email = @Email then u.email_norm else @EmailNorm end,
                first_name = @FirstName, last_name = @LastName, role = @Role, agency_id = @AgencyId,
                client_id = @ClientId, status = @Status, updated_at = @UpdatedAt
            from (values (@OrganizationId::uuid, @AgencyId::uuid, @ClientId::uuid)) n (organization_id, agency_id, client_id)
            left join app.agency a on a.organization_id = n.organization_id and a.id = n.agency_id
            left join app.client c on c.organization_id = n.organization_id and c.id = n.client_id
            left join app.email_change e on e.user_id = @Id
            where u.organization_id is not distinct from @OrganizationId::uuid and u.id = @Id
            returning {Columns};

            {AuditLog.Insert}
            """, AuditLog.With(user, entry), cancellationToken);
        return updated with { PendingEmail = user.PendingEmail };
    }

    private static object ReachOf(DatabaseSession session, Guid userId)
    {
        var scope = SessionScope.Of(session);
        return new { userId, org = scope.OrganizationId, agency = scope.AgencyId, client = scope.ClientId };
    }
}
