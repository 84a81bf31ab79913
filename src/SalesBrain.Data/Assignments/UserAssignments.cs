using SalesBrain.Core.Paging;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Assignments;

/// <summary>The active assignments of a user, newest first.</summary>
public static class UserAssignments
{
    private static readonly NewestFirstSql Campaigns = new("a", "assigned_at", "campaigns_");
    private static readonly NewestFirstSql Contacts = new("a", "assigned_at", "contacts_");

    /// <summary>A page of the user's campaigns and one of their contacts, with how many there are of each, in one round trip.</summary>
    public static Task<UserAssignmentRows> ListAsync(
        DatabaseSession session, Assignee user, NewestFirstPage campaigns, NewestFirstPage contacts, CancellationToken cancellationToken)
    {
        var statement = ListStatement(user, campaigns, contacts);
        return session.QueryMultipleAsync(
            statement.Sql,
            statement.Arguments,
            async (results, token) => new UserAssignmentRows(
                await results.ReadAsync<CampaignAssignmentRow>(token), await results.ReadAsync<ContactAssignmentRow>(token),
                (await results.ReadAsync<int>(token)).Single(), (await results.ReadAsync<int>(token)).Single()),
            cancellationToken);
    }

    internal static Statement ListStatement(Assignee user, NewestFirstPage campaigns, NewestFirstPage contacts) => new(
        // A contact or campaign that the session's role doesn't see is told by its id alone.
        $"""
        select a.id as assignment_id, a.campaign_id, c.name as campaign_name, c.status as campaign_status, a.role, a.can_edit, a.can_view_stats,
            a.can_manage_contacts, a.assigned_by, a.assigned_at
        from app.user_campaign_assignment a
        left join app.campaign c on c.organization_id = a.organization_id and c.id = a.campaign_id
        where a.organization_id = @OrganizationId and a.user_id = @Id and a.status = 'active' and c.deleted_at is null
            and {Campaigns.IsAfterCursor}
        {Campaigns.Order}
        {Campaigns.Limit};

        select a.id as assignment_id, a.contact_id, k.email as contact_email, k.first_name, k.last_name, k.company,
            case when k.id is not null then app.contact_lead_score(k.organization_id, k.id) end as lead_score, a.assignment_type, a.is_primary_owner, a.ownership_percentage, a.last_contacted_at, a.next_followup_at, a.interactions_count, a.assigned_by, a.assigned_at,
            a.reason
        from app.user_contact_assignment a
        left join app.contact k on k.organization_id = a.organization_id and k.id = a.contact_id
        where a.organization_id = @OrganizationId and a.user_id = @Id and a.status = 'active'
            and {Contacts.IsAfterCursor}
        {Contacts.Order}
        {Contacts.Limit};

        select app.get_user_campaign_count(@Id);
        select app.get_user_contact_count(@Id)
        """,
        new { user.OrganizationId, user.Id }, Campaigns.Parameters(campaigns), Contacts.Parameters(contacts));
}

/// <summary>A page of each list, and how many are assigned in all.</summary>
public sealed record UserAssignmentRows(
    List<CampaignAssignmentRow> Campaigns, List<ContactAssignmentRow> Contacts, int CampaignsCount, int ContactsCount);

/// <summary>A campaign that a user works.</summary>
public sealed record CampaignAssignmentRow : INewestFirstRow
{
    public Guid AssignmentId { get; init; }
    public Guid CampaignId { get; init; }

    /// <summary>Null if the caller cannot see the campaign.</summary>
    public string? CampaignName { get; init; }
    public string? CampaignStatus { get; init; }
    public string Role { get; init; } = "";
    public bool CanEdit { get; init; }
    public bool CanViewStats { get; init; }
    public bool CanManageContacts { get; init; }
    public Guid? AssignedBy { get; init; }
    public DateTime AssignedAt { get; init; }

    Guid INewestFirstRow.Id => AssignmentId;

    DateTime INewestFirstRow.CreatedAt => AssignedAt;
}
