using SalesBrain.Core.Agents;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Agents;

/// <summary>The users who sign in with Genesys.</summary>
public static class GenesysUsers
{
    /// <summary>
    /// The user of a Genesys user, with what sign-in checks; null at the first sign-in. Two sign-ins of one person run one after the other.
    /// </summary>
    public static Task<GenesysUserRow?> LockAsync(PlatformSession session, string genesysUserId, CancellationToken cancellationToken) =>
        session.QueryMultipleAsync(
            """
            select pg_advisory_xact_lock(hashtextextended('salesbrain.genesys_user ' || @genesysUserId, 0));
            select g.id, g.organization_id, g.user_id, u.status
            from app.genesys_user g
            join app.user u on u.organization_id = g.organization_id and u.id = g.user_id
            where g.genesys_user_id = @genesysUserId
            """,
            new { genesysUserId },
            async (results, token) =>
            {
                await results.ReadAsync<object>(token);
                return (await results.ReadAsync<GenesysUserRow>(token)).SingleOrDefault();
            },
            cancellationToken);

    /// <summary>Connects a new user with their Genesys user.</summary>
    public static Task AddAsync(
        PlatformSession session, Guid id, Guid organizationId, Guid userId, GenesysIdentity who, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            insert into app.genesys_user (
                id, organization_id, user_id, genesys_user_id, genesys_org_id, name, email, division_id, division_name, state, created_at, updated_at)
            values (
                @id, @organizationId, @userId, @genesysUserId, @genesysOrgId, @Name, @Email, @DivisionId, @DivisionName, @State, @now, @now)
            """,
            Parameters(id, organizationId, userId, who, now), cancellationToken);

    /// <summary>Writes down how Genesys describes a user now.</summary>
    public static Task UpdateAsync(
        PlatformSession session, GenesysUserRow user, GenesysIdentity who, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            update app.genesys_user set
                genesys_org_id = @genesysOrgId, name = @Name, email = @Email, division_id = @DivisionId, division_name = @DivisionName, state = @State,
                updated_at = @now
            where id = @id
            """, Parameters(user.Id, user.OrganizationId, user.UserId, who, now), cancellationToken);

    /// <summary>Records a sign-in, and marks its session.</summary>
    public static Task RecordSignInAsync(
        PlatformSession session, Guid organizationId, Guid userId, Guid sessionId, string region, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            update app.user set last_sign_in_at = @now where id = @userId;

            update app.genesys_user set last_sign_in_at = @now where organization_id = @organizationId and user_id = @userId;

            insert into app.genesys_user_session (organization_id, session_id, user_id, genesys_user_id, region, created_at)
            select g.organization_id, @sessionId, g.user_id, g.id, @region, @now
            from app.genesys_user g
            where g.organization_id = @organizationId and g.user_id = @userId
            """, new { organizationId, userId, sessionId, region, now }, cancellationToken);

    /// <summary>How Genesys describes a user; null for a user who does not sign in with Genesys.</summary>
    public static Task<GenesysProfile?> FindProfileAsync(DatabaseSession session, Guid userId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<GenesysProfile>("""
            select genesys_user_id as user_id, genesys_org_id as organization_id, name, email, division_name, last_sign_in_at
            from app.genesys_user
            where user_id = @userId and (@org::uuid is null or organization_id = @org)
            """, new { userId, org = session.OrganizationId }, cancellationToken);

    private static object Parameters(Guid id, Guid organizationId, Guid userId, GenesysIdentity who, DateTime now) => new
    {
        id,
        organizationId,
        userId,
        genesysUserId = who.Id,
        genesysOrgId = who.OrganizationId,
        who.Name,
        who.Email,
        who.DivisionId,
        who.DivisionName,
        who.State,
        now,
    };
}

/// <summary>A user who has signed in with Genesys before.</summary>
public sealed record GenesysUserRow
{
    public Guid Id { get; init; }
    public Guid OrganizationId { get; init; }
    public Guid UserId { get; init; }

    /// <summary>Of our user.</summary>
    public string Status { get; init; } = "";
}

/// <summary>The Genesys user of an agent.</summary>
public sealed record GenesysProfile
{
    /// <summary>The id of the user in Genesys.</summary>
    public string UserId { get; init; } = "";

    /// <summary>The id of the organization in Genesys.</summary>
    public string OrganizationId { get; init; } = "";
    public string? Name { get; init; }

    /// <summary>As Genesys gives it. Not verified.</summary>
    public string? Email { get; init; }
    public string? DivisionName { get; init; }
    public DateTime? LastSignInAt { get; init; }
}
