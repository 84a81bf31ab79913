using System.Text.Json;
using SalesBrain.Core.Paging;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Crm;

/// <summary>Leads as people work them; each session finds those that its role reaches. Deleted ones are not there any more.</summary>
public static class Leads
{
    internal const string Columns = """
        l.id, l.organization_id, l.contact_id, k.email, k.first_name, k.last_name, k.company, l.campaign_id, g.name as campaign_name, l.agency_id,
        l.client_id, c.name as client_name, l.status, l.interest, l.interest_label, l.priority, l.qualification_score, l.practice_area, l.source, l.tags,
        l.score, l.assigned_to, coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as assignee_name, l.created_by, l.sent_count,
        l.opened_count, l.clicked_count, l.replied_count, l.last_activity_at, l.created_at, l.updated_at
        """;

    internal const string Joins = """
        left join app.contact k on k.organization_id = l.organization_id and k.id = l.contact_id
        left join app.campaign g on g.organization_id = l.organization_id and g.id = l.campaign_id
        left join app.client c on c.organization_id = l.organization_id and c.id = l.client_id
        left join app.user u on u.organization_id = l.organization_id and u.id = l.assigned_to
        """;

    /// <summary>What each order of the list compares.</summary>
    public static SortKey KeyOf(LeadSort sort) => sort switch
    {
        LeadSort.UpdatedAt => SortKey.Time("updated_at") with { Table = "r", IdColumn = "lead_id" },
        LeadSort.Score => SortKey.Number("score"),
        LeadSort.Status => SortKey.Number("sort_status") with { IsDescendingByDefault = false },
        LeadSort.Priority => SortKey.Number("sort_priority"),
        LeadSort.LastActivityAt => SortKey.Time("last_activity_at", isOptional: true) with { Table = "r", IdColumn = "lead_id" },
        LeadSort.LastName => SortKey.Text("sort_last_name", isOptional: true) with { Table = "k", IdColumn = null },
        LeadSort.Company => SortKey.Text("sort_company", isOptional: true) with { Table = "k", IdColumn = null },
        _ => SortKey.Time("created_at"),
    };

    /// <summary>A page of the leads that match, and how many match in all.</summary>
    public static Task<(List<Lead> Rows, BoundedCount Total)> ListAsync(
        DatabaseSession session, LeadFilter filter, PageStart start, CancellationToken cancellationToken)
    {
        // Statuses and priorities by their ranks, for which the sorted lists have indexes anyway.
        const string Matches = """
            t.deleted_at is null
            and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
            and (@client::uuid is null or t.client_id = @client)
            and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
            and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
            and (cardinality(@interests) = 0 or t.interest = any (@interests))
            and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
            and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
            and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
            and (@MinScore::integer is null or t.score >= @MinScore)
            """;
        var scope = SessionScope.Of(session);
        var organizationId = scope.OrganizationId ?? filter.OrganizationId;
        var tags = filter.Tags.Distinct().ToArray();
        var table = new PageTable("lead")
        {
            Joins = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["k"] = "join app.contact k on k.organization_id = t.organization_id and k.id = t.contact_id",
                ["r"] = "join app.lead_recency r on r.organization_id = t.organization_id and r.lead_id = t.id",
            },
            IsReadByOrganization = organizationId is null,
        };
        var finder = Finder.Of(
                SearchTerm.Of(filter.Search), organizationId, most => $"app.search_leads(@searchOrganizationId, @searchPattern, {most})", "k")
            ?? (tags.Length == 0 ? null : new(most => $"app.find_tagged_leads(@searchOrganizationId, @tags, {most})", "true", [("searchOrganizationId", organizationId)]));
        finder = finder is null ? null : finder with { IsForEveryScope = true };
        var page = new PageQuery(table, Matches, start, finder, scope);
        return page.ReadAsync<Lead>(
            session,
            Columns,
            $"""
            join app.lead l on l.id = p.id
            {Joins}
            """,
            new
            {
                org = scope.OrganizationId,
                agency = scope.AgencyId,
                client = scope.ClientId,
                filter.OrganizationId,
                statuses = filter.Statuses.Select(status => (short)status).ToArray(),
                priorities = filter.Priorities.Select(priority => (short)priority).ToArray(),
                interests = filter.Interests.Select(interest => JsonNamingPolicy.SnakeCaseLower.ConvertName(interest.ToString())).ToArray(),
                filter.CampaignId,
                filter.ClientId,
                filter.AssignedTo,
                filter.Unassigned,
                filter.PracticeArea,
                tags,
                filter.MinScore,
            },
            cancellationToken);
    }
}
