using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Agents;

/// <summary>The sessions that began with Genesys.</summary>
public static class GenesysSessions
{
    /// <summary>
    /// Whether a user's organization is still mapped to the Genesys organization and the region in which they signed in. A change of the
    /// mapping then waits until the transaction ends.
    /// </summary>
    public static async Task<bool> HoldMappingAsync(
        PlatformSession session, Guid organizationId, Guid userId, string region, CancellationToken cancellationToken) =>
        await session.QuerySingleOrDefaultAsync<bool>("""
            select true
            from app.tenant t
            join app.genesys_user g on g.organization_id = t.organization_id
            where t.organization_id = @organizationId and t.status = 'active' and g.user_id = @userId and t.genesys_org_id = g.genesys_org_id
                and (t.genesys_region is null or t.genesys_region = @region)
            for share of t
            """, new { organizationId, userId, region }, cancellationToken);

    /// <summary>
    /// Ends the sessions that began with a Genesys organization, or in a region, to which the user's organization is no longer mapped. For
    /// organizations whose tenants are locked. Returns the users whose sessions ended.
    /// </summary>
    public static Task<List<EndedGenesysSessions>> EndFormerAsync(
        PlatformSession session, IEnumerable<Guid> organizationIds, DateTime now, CancellationToken cancellationToken) =>
        session.QueryAsync<EndedGenesysSessions>("""
            with ending as (
                select f.id
                from app.tenant t
                join app.genesys_user g on g.organization_id = t.organization_id
                join app.genesys_user_session s on s.organization_id = g.organization_id and s.genesys_user_id = g.id
                join app.refresh_token f on f.organization_id = s.organization_id and f.id = s.session_id
                where t.organization_id = any (@organizationIds) and f.revoked_at is null
                    and (t.genesys_org_id is distinct from g.genesys_org_id or t.genesys_region <> s.region)
                -- Two that end the same sessions wait for one another instead of deadlocking.
                order by f.id for no key update of f),
            ended as (
                update app.refresh_token f set revoked_at = @now from ending e where f.id = e.id returning f.organization_id, f.user_id)
            select organization_id, user_id, count(*)::int as sessions
            from ended
            group by organization_id, user_id
            """, new { organizationIds = organizationIds.ToArray(), now }, cancellationToken);
}

/// <summary>A user whose sessions ended, and how many that were.</summary>
public sealed record EndedGenesysSessions(Guid OrganizationId, Guid UserId, int Sessions);
