using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Access;

/// <summary>
/// User sessions. A session is a family of refresh tokens and has the id of its first token. Only that row records whether the family is
/// revoked.
/// </summary>
public static class UserSessions
{
    /// <summary>
    /// Who the session's user is now; null when the session has ended or is unknown, the user is not active, or their organization is
    /// suspended.
    /// </summary>
    public static Task<SessionRow?> FindAsync(PlatformSession session, Guid sessionId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<SessionRow>("""
            select u.id as user_id, u.role, u.organization_id, u.agency_id, u.client_id
            from app.refresh_token f
            join app.user u on u.id = f.user_id
            left join app.organization o on o.id = u.organization_id
            where f.id = @sessionId and f.family_id = f.id and f.revoked_at is null
                and u.status = 'active' and (u.organization_id is null or o.status = 'active')
            """, new { sessionId }, cancellationToken);

    /// <summary>As <see cref="FindAsync"/>, for several sessions; those that are not valid any more are missing.</summary>
    public static Task<List<IdentifiedSessionRow>> FindAllAsync(
        PlatformSession session, IReadOnlyCollection<Guid> sessionIds, CancellationToken cancellationToken) =>
        session.QueryAsync<IdentifiedSessionRow>("""
            select f.id as session_id, u.id as user_id, u.role, u.organization_id, u.agency_id, u.client_id
            from app.refresh_token f
            join app.user u on u.id = f.user_id
            left join app.organization o on o.id = u.organization_id
            where f.id = any (@sessionIds) and f.family_id = f.id and f.revoked_at is null
                and u.status = 'active' and (u.organization_id is null or o.status = 'active')
            """, new { sessionIds = sessionIds.ToArray() }, cancellationToken);

    /// <summary>Ends one session; returns 0 when it had ended already.</summary>
    public static Task<int> EndAsync(PlatformSession session, Guid sessionId, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync(
            "update app.refresh_token set revoked_at = @now where id = @sessionId and family_id = id and revoked_at is null",
            new { sessionId, now }, cancellationToken);

    /// <summary>Ends all sessions of a user but one; returns how many that were.</summary>
    public static Task<int> EndAllAsync(
        PlatformSession session, Guid userId, Guid? exceptSessionId, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            with ending as (
                select id from app.refresh_token
                where user_id = @userId and family_id = id and revoked_at is null and id is distinct from @exceptSessionId
                -- Two that end the same sessions wait for one another instead of deadlocking.
                order by id for no key update)
            update app.refresh_token t set revoked_at = @now from ending e where t.id = e.id
            """, new { userId, exceptSessionId, now }, cancellationToken);
}

/// <summary>A session's user, as access tokens describe them; role by its canonical name.</summary>
public record SessionRow
{
    public Guid UserId { get; init; }
    public string Role { get; init; } = "";
    public Guid? OrganizationId { get; init; }
    public Guid? AgencyId { get; init; }
    public Guid? ClientId { get; init; }
}

/// <summary>A session with its user.</summary>
public sealed record IdentifiedSessionRow : SessionRow
{
    public Guid SessionId { get; init; }
}
