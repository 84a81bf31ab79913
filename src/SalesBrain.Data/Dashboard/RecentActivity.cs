using SalesBrain.Core.Dashboard;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Dashboard;

/// <summary>What happened lately: received webhooks, assignments, onboarding links, sign-ins of administrators.</summary>
public static class RecentActivity
{
    /// <summary>The maximum number of facts returned.</summary>
    public const int Limit = 50;

    /// <summary>
    /// The newest facts since a time (inclusive), newest first: of the session's organization, in a platform session of one organization or
    /// (null) of all. Row-level security shows audit entries to owners, admins and the platform only, and names of one's own organization
    /// only.
    /// </summary>
    public static Task<List<RecentFact>> GetAsync(
        DatabaseSession session, Guid? organizationId, DateTime? since, CancellationToken cancellationToken)
    {
        // Conditions are omitted instead of disabled by a null, and keys are read before rows. So the index that starts with the
        // organization is always the cheapest, and rows of other organizations are not scanned, even if the organization has few rows.
        var own = session.OrganizationId is null ? "true" : "f.organization_id = @org";
        var wanted = organizationId is null ? "true" : "f.organization_id = @organizationId";
        return session.QueryAsync<RecentFact>($"""
            with webhook as (
                select l.id, l.organization_id, l.created_at as at, l.event_type as action, l.status, l.contact_email, l.campaign_name
                from (
                    select f.organization_id, f.created_at, f.id
                    from app.webhook_log f
                    where {own} and {wanted} and f.created_at >= @since
                    order by f.created_at desc, f.id desc
                    limit @Limit
                ) k
                join app.webhook_log l on l.organization_id = k.organization_id and l.created_at = k.created_at and l.id = k.id
            ), audit as (
                select l.id, l.organization_id, l.at, l.action, l.entity, l.entity_id, l.actor_id, l.actor_role
                from (
                    select f.id
                    from app.audit_log f
                    where {own} and {wanted} and f.at >= @since
                        and (starts_with(f.action, 'assignment.') or starts_with(f.action, 'onboarding_link.')
                            or (f.action = 'user.signed_in' and f.actor_role in ('owner', 'admin', 'sb_admin', 'sb_operator')))
                    order by f.at desc, f.id desc
                    limit @Limit
                ) k
                join app.audit_log l on l.id = k.id
            ), fact as (
                select 'webhook' as kind, w.id, w.organization_id, w.at, w.action, 'webhook_log' as entity, w.id as entity_id, w.status,
                    w.contact_email, w.campaign_name, null::uuid as actor_id, null as actor_role
                from webhook w
                union all
                select case when a.action = 'user.signed_in' then 'sign_in' else split_part(a.action, '.', 1) end,
                    a.id, a.organization_id, a.at, a.action, a.entity, a.entity_id, null, null, null, a.actor_id, a.actor_role
                from audit a
                order by at desc, id desc
                limit @Limit
            )
            select f.*, o.name as organization_name, coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as actor_name
            from fact f
            left join app.organization o on o.id = f.organization_id
            left join app.user u on u.id = f.actor_id
            order by f.at desc, f.id desc
            """, new { org = session.OrganizationId, organizationId, since = since ?? DateTime.MinValue, Limit }, cancellationToken);
    }
}
