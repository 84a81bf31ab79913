using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Auth;

/// <summary>People who sign in.</summary>
public static class SignInAccounts
{
    /// <summary>
    /// The data that a sign-in needs, before the organization is known. No row if no user has the address <c>@emailNorm</c>.
    /// </summary>
    internal const string FindSignIn = """
        select id, organization_id, email, first_name, last_name, role, agency_id, client_id, status, password_hash, organization_status
        from app.find_sign_in(@emailNorm);
        """;

    /// <summary>The data that a sign-in needs; null if no user has the address.</summary>
    public static Task<SignInRow?> FindSignInAsync(PlatformSession session, string emailNorm, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<SignInRow>(FindSignIn, new { emailNorm }, cancellationToken);

    /// <summary>
    /// The same for a known user, locked until the transaction ends, to check that the password has not changed since it was verified.
    /// </summary>
    public static Task<SignInRow?> LockSignInAsync(PlatformSession session, Guid userId, CancellationToken cancellationToken) =>
        session.QueryMultipleAsync(
            """
            select email_norm from app.user where id = @userId for no key update;
            select s.id, s.organization_id, s.email, s.first_name, s.last_name, s.role, s.agency_id, s.client_id, s.status, s.password_hash, s.organization_status
            from app.user u
            cross join lateral app.find_sign_in(u.email_norm) s
            where u.id = @userId
            """,
            new { userId },
            async (results, token) =>
            {
                await results.ReadAsync<string>(token);
                return (await results.ReadAsync<SignInRow>(token)).SingleOrDefault();
            },
            cancellationToken);

    /// <summary>The organization of the user with the address; null if there is no such user, or for a platform operator.</summary>
    public static Task<Guid?> FindOrganizationAsync(PlatformSession session, string emailNorm, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<Guid?>(
            "select organization_id from app.user where email_norm = @emailNorm", new { emailNorm }, cancellationToken);

    /// <summary>Whether a user of any organization has the address.</summary>
    public static Task<bool> IsTakenAsync(PlatformSession session, string emailNorm, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<bool>(
            "select exists (select from app.user where email_norm = @emailNorm)", new { emailNorm }, cancellationToken);

    /// <summary>The normalized e-mail address; null if the user does not exist.</summary>
    public static Task<string?> FindEmailNormAsync(PlatformSession session, Guid userId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<string>("select email_norm from app.user where id = @userId", new { userId }, cancellationToken);

    /// <summary>Records a successful sign-in and the password's hash, which may have been renewed.</summary>
    public static Task RecordSignInAsync(
        PlatformSession session, Guid userId, string passwordHash, DateTime at, CancellationToken cancellationToken) =>
        session.ExecuteAsync(
            "update app.user set last_sign_in_at = @at, password_hash = @passwordHash where id = @userId", new { userId, passwordHash, at },
            cancellationToken);

    /// <summary>Sets a user's password; who was invited is active from now on.</summary>
    public static Task SetPasswordHashAsync(
        PlatformSession session, Guid userId, string passwordHash, DateTime at, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            update app.user
            set password_hash = @passwordHash, status = case status when 'invited' then 'active' else status end, updated_at = @at
            where id = @userId
            """, new { userId, passwordHash, at }, cancellationToken);

    /// <summary>The signed-in user with organization, agency and client; null if the user does not exist.</summary>
    public static Task<ProfileRow?> GetProfileAsync(DatabaseSession session, Guid userId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<ProfileRow>("""
            select u.id, u.email, u.first_name, u.last_name, u.role, u.status, u.last_sign_in_at, u.created_at,
                o.id as organization_id, o.name as organization_name, o.slug as organization_slug, o.timezone as organization_timezone,
                a.id as agency_id, a.name as agency_name, c.id as client_id, c.name as client_name
            from app.user u
            left join app.organization o on o.id = u.organization_id
            left join app.agency a on a.organization_id = u.organization_id and a.id = u.agency_id
            left join app.client c on c.organization_id = u.organization_id and c.id = u.client_id
            where u.id = @userId
            """, new { userId }, cancellationToken);

    /// <summary>
    /// Adds a user. Throws <see cref="Npgsql.PostgresException"/> with constraint <c>user_email_norm_key</c> when the address is taken.
    /// </summary>
    public static Task CreateAsync(DatabaseSession session, NewUser user, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            insert into app.user (
                id, organization_id, email, email_norm, password_hash, first_name, last_name, role, agency_id, client_id, status)
            values (
                @Id, @OrganizationId, @Email, @EmailNorm, @PasswordHash, @FirstName, @LastName, @Role, @AgencyId, @ClientId, @Status)
            """, user, cancellationToken);
}

/// <summary>A user as sign-in sees them.</summary>
public sealed record SignInRow
{
    public Guid Id { get; init; }
    public Guid? OrganizationId { get; init; }
    public string Email { get; init; } = "";
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string Role { get; init; } = "";
    public Guid? AgencyId { get; init; }
    public Guid? ClientId { get; init; }
    public string Status { get; init; } = "";
    public string? PasswordHash { get; init; }
    public string? OrganizationStatus { get; init; }
}

/// <summary>A user with the names of where they belong.</summary>
public sealed record ProfileRow
{
    public Guid Id { get; init; }
    public string Email { get; init; } = "";
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string Role { get; init; } = "";
    public string Status { get; init; } = "";
    public DateTime? LastSignInAt { get; init; }
    public DateTime CreatedAt { get; init; }
    public Guid? OrganizationId { get; init; }
    public string? OrganizationName { get; init; }
    public string? OrganizationSlug { get; init; }
    public string? OrganizationTimezone { get; init; }
    public Guid? AgencyId { get; init; }
    public string? AgencyName { get; init; }
    public Guid? ClientId { get; init; }
    public string? ClientName { get; init; }
}

/// <summary>A user to be added; role and status by their canonical names.</summary>
public sealed record NewUser
{
    public required Guid Id { get; init; }
    public Guid? OrganizationId { get; init; }
    public required string Email { get; init; }
    public required string EmailNorm { get; init; }
    public string? PasswordHash { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public required string Role { get; init; }
    public Guid? AgencyId { get; init; }
    public Guid? ClientId { get; init; }
    public string Status { get; init; } = "active";
}
