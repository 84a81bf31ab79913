using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Assignments;

/// <summary>Who works which campaign, as what, with which permissions.</summary>
public static class CampaignAssignments
{
    /// <summary>
    /// Assigns campaigns to a user. An existing assignment is reused and updated. Returns a row for each existing campaign. Works in the
    /// order of ids, so that parallel callers do not deadlock.
    /// </summary>
    public static Task<List<AssignedCampaign>> AssignAsync(
        DatabaseSession session, NewCampaignAssignments assignments, CancellationToken cancellationToken) =>
        session.QueryAsync<AssignedCampaign>("""
            with wanted as (
                select c.id from app.campaign c
                where c.organization_id = @OrganizationId and c.id = any (@campaignIds) and c.deleted_at is null
            ), before as (
                select a.campaign_id from app.user_campaign_assignment a
                where a.organization_id = @OrganizationId and a.user_id = @UserId and a.campaign_id = any (@campaignIds) and a.status = 'active'
            ), written as (
                insert into app.user_campaign_assignment as a (
                    id, organization_id, user_id, campaign_id, role, can_edit, can_view_stats, can_manage_contacts, status, assigned_by, assigned_at,
                    created_at, updated_at)
                select n.id, @OrganizationId, @UserId, w.id, @Role, @CanEdit, @CanViewStats, @CanManageContacts, 'active', @AssignedBy, @now, @now, @now
                from unnest(@ids, @campaignIds) as n (id, campaign_id)
                join wanted w on w.id = n.campaign_id
                order by w.id
                on conflict (organization_id, user_id, campaign_id) do update set
                    role = excluded.role,
                    can_edit = excluded.can_edit,
                    can_view_stats = excluded.can_view_stats,
                    can_manage_contacts = excluded.can_manage_contacts,
                    status = 'active',
                    assigned_by = case when a.status = 'active' then a.assigned_by else excluded.assigned_by end,
                    assigned_at = case when a.status = 'active' then a.assigned_at else excluded.assigned_at end,
                    updated_at = excluded.updated_at
                where (a.status, a.role, a.can_edit, a.can_view_stats, a.can_manage_contacts)
                    is distinct from ('active', excluded.role, excluded.can_edit, excluded.can_view_stats, excluded.can_manage_contacts)
                returning a.campaign_id
            )
            select w.id as campaign_id, x.campaign_id is not null as is_changed, x.campaign_id is not null and b.campaign_id is null as is_new
            from wanted w
            left join written x on x.campaign_id = w.id
            left join before b on b.campaign_id = w.id
            """,
            new
            {
                assignments.OrganizationId,
                assignments.UserId,
                assignments.Role,
                assignments.CanEdit,
                assignments.CanViewStats,
                assignments.CanManageContacts,
                assignments.AssignedBy,
                now = assignments.Now.UtcDateTime,
                ids = assignments.CampaignIds.Select(_ => Guid.CreateVersion7(assignments.Now)).ToArray(),
                campaignIds = assignments.CampaignIds.ToArray(),
            }, cancellationToken);

    /// <summary>
    /// Ends the assignment of a campaign to a user. Returns the assignment's id and organization; null if there is no active assignment.
    /// </summary>
    public static Task<EndedAssignment?> EndAsync(
        DatabaseSession session, Guid userId, Guid campaignId, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<EndedAssignment>("""
            update app.user_campaign_assignment a set status = 'inactive', updated_at = @now
            where a.user_id = @userId and a.campaign_id = @campaignId and (@org::uuid is null or a.organization_id = @org) and a.status = 'active'
            returning a.id, a.organization_id
            """, new { userId, campaignId, now, org = session.OrganizationId }, cancellationToken);
}

/// <summary>Campaigns that one user is to work, each once.</summary>
public sealed record NewCampaignAssignments
{
    public required Guid OrganizationId { get; init; }
    public required Guid UserId { get; init; }
    public required IReadOnlyCollection<Guid> CampaignIds { get; init; }
    public required string Role { get; init; }
    public required bool CanEdit { get; init; }
    public required bool CanViewStats { get; init; }
    public required bool CanManageContacts { get; init; }
    public required Guid AssignedBy { get; init; }
    public required DateTimeOffset Now { get; init; }
}

/// <summary>A campaign that is assigned now.</summary>
public sealed record AssignedCampaign
{
    public Guid CampaignId { get; init; }

    /// <summary>Whether anything about the assignment changed.</summary>
    public bool IsChanged { get; init; }

    /// <summary>Whether the user did not have the campaign before.</summary>
    public bool IsNew { get; init; }
}
