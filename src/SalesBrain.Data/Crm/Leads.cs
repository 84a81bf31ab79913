using System.Runtime.CompilerServices;
using Dapper;
using SalesBrain.Core.Paging;
using SalesBrain.Core.Values;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Crm;

/// <summary>Leads as people work them; each session finds those that its role reaches. Deleted ones are not there any more.</summary>
public static class Leads
{
    internal const string Columns = """
        l.id, l.organization_id, l.contact_id, k.email, k.first_name, k.last_name, k.company, l.campaign_id, g.name as campaign_name, l.agency_id,
        l.client_id, c.name as client_name, l.status, l.interest, l.interest_label, l.priority, l.qualification_score, l.practice_area, l.source, l.tags,
        l.score, l.assigned_to, coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as assignee_name, l.created_by, l.deal_amount,
        l.deal_currency, l.deal_entered_by, l.expected_close_date, l.closed_at, l.sent_count, l.opened_count, l.clicked_count, l.replied_count,
        l.last_activity_at, l.version, l.created_at, l.updated_at
        """;

    internal const string Joins = """
        left join app.contact k on k.organization_id = l.organization_id and k.id = l.contact_id
        left join app.campaign g on g.organization_id = l.organization_id and g.id = l.campaign_id
        left join app.client c on c.organization_id = l.organization_id and c.id = l.client_id
        left join app.user u on u.organization_id = l.organization_id and u.id = l.assigned_to
        """;

    private static readonly JoinedTable Contact = new(
        "k", "join app.contact k on k.organization_id = t.organization_id and k.id = t.contact_id");

    /// <summary>What events change often, apart from the lead's own indexes.</summary>
    private static readonly JoinedTable Recency = new(
        "r", "join app.lead_recency r on r.organization_id = t.organization_id and r.lead_id = t.id", RowIdColumn: "lead_id");

    /// <summary>The sort key of each order.</summary>
    public static SortKey KeyOf(LeadSort sort) => sort switch
    {
        LeadSort.UpdatedAt => SortKey.Time("updated_at") with { Joined = Recency },
        LeadSort.Score => SortKey.Number("score") with { Joined = Recency },
        LeadSort.Status => SortKey.Number("sort_status") with { IsDescendingByDefault = false },
        LeadSort.Priority => SortKey.Number("sort_priority"),
        LeadSort.LastActivityAt => SortKey.Time("last_activity_at", isOptional: true) with { Joined = Recency },
        LeadSort.LastName => SortKey.Text("sort_last_name", isOptional: true) with { Joined = Contact },
        LeadSort.Company => SortKey.Text("sort_company", isOptional: true) with { Joined = Contact },
        _ => SortKey.Time("created_at"),
    };

    /// <summary>A page of the leads that match, and how many match in all.</summary>
    public static Task<(List<Lead> Rows, BoundedCount Total)> ListAsync(
        DatabaseSession session, LeadFilter filter, PageStart start, CancellationToken cancellationToken) =>
        PageQuery.ReadAsync<Lead>(session, ListStatement(SessionScope.Of(session), filter, start), cancellationToken);

    internal static Statement ListStatement(SessionScope scope, LeadFilter filter, PageStart start)
    {
        var (query, joins, parameters) = Compose(scope, filter, start);
        return query.ToStatement(Columns, joins, parameters);
    }

    /// <summary>
    /// The leads that match, at most <paramref name="most"/>, in any number. Reads them in pages, so that no connection is held while the
    /// rows are used. A lead that changes meanwhile appears as it then is; one whose sort key changes may appear twice or not at all.
    /// </summary>
    /// <param name="session">A reading session.</param>
    /// <param name="filter">Which leads.</param>
    /// <param name="start">The order, from the first lead on, and the number of leads read, and in memory, at a time.</param>
    /// <param name="most">Maximum number of leads.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async IAsyncEnumerable<Lead> ReadAllAsync(
        DatabaseSession session, LeadFilter filter, PageStart start, int most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var left = most; left > 0;)
        {
            var page = start with { Limit = Math.Min(left, start.Limit) };
            var (query, joins, parameters) = Compose(SessionScope.Of(session), filter, page);
            var rows = await PageQuery.ReadRowsAsync<Lead>(session, query.ToRowsStatement(Columns, joins, parameters), cancellationToken);
            foreach (var row in rows)
            {
                yield return row;
            }
            if (rows.Count < page.Limit)
            {
                yield break;
            }
            left -= rows.Count;
            start = start with { After = new(rows[^1].Position, rows[^1].Id) };
        }
    }

    private static (PageQuery Query, string Joins, object[] Parameters) Compose(SessionScope scope, LeadFilter filter, PageStart start)
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
            """;
        // By the index of the table that has the scores.
        const string HasScore = """
            exists (
                select from app.lead_recency r where r.organization_id = t.organization_id and r.lead_id = t.id and r.score >= @MinScore)
            """;
        var organizationId = scope.OrganizationId ?? filter.OrganizationId;
        var tags = filter.Tags.Distinct().ToArray();
        var finder = FinderOf(filter, organizationId, tags);
        string[] conditions =
            [Matches, .. filter.MinScore is null ? (string[])[] : [HasScore], .. CustomFieldConditions(filter.CustomFields)];
        return (
            new PageQuery("lead", string.Join("\nand ", conditions), start, finder) { ReadsEachOrganization = organizationId is null },
            $"""
            join app.lead l on l.id = p.id
            {Joins}
            """,
            [new
            {
                org = scope.OrganizationId,
                agency = scope.AgencyId,
                client = scope.ClientId,
                filter.OrganizationId,
                statuses = filter.Statuses.Select(status => (short)status).ToArray(),
                priorities = filter.Priorities.Select(priority => (short)priority).ToArray(),
                interests = filter.Interests.Select(interest => interest.ToWireName()).ToArray(),
                filter.CampaignId,
                filter.ClientId,
                filter.AssignedTo,
                filter.Unassigned,
                filter.PracticeArea,
                tags,
                filter.MinScore,
            }, CustomFieldParameters(filter.CustomFields)]);
    }

    /// <summary>A condition for each field, with a parameter <c>@custom0</c>, <c>@custom1</c> and so on.</summary>
    /// <remarks>
    /// Under row-level security PostgreSQL may not use its statistics for containment. It would take the match for rare (2 %), read all
    /// leads and sort them. With coalesce it takes it for common (50 %), and reads the list in order. If it is rare, the finder has found
    /// its leads.
    /// </remarks>
    private static IEnumerable<string> CustomFieldConditions(IReadOnlyList<CustomFieldFilter> fields) =>
        fields.Select((_, index) => $"coalesce(t.custom_fields @> any (@custom{index}::text[]::jsonb[]), false)");

    private static DynamicParameters CustomFieldParameters(IReadOnlyList<CustomFieldFilter> fields)
    {
        var parameters = new DynamicParameters();
        for (var index = 0; index < fields.Count; index++)
        {
            parameters.Add($"custom{index}", fields[index].Alternatives().ToArray());
        }
        return parameters;
    }

    /// <summary>All functions find for people of an agency or a client too, among their own leads.</summary>
    private static Finder? FinderOf(LeadFilter filter, Guid? organizationId, string[] tags)
    {
        if (SearchTerm.Of(filter.Search) is { } search)
        {
            return new(
                "strpos(k.search_text, @searchTerm) > 0",
                new { searchOrganizationId = organizationId, searchPattern = search.Pattern, searchTerm = search.Text })
            {
                Function = $"app.search_leads(@searchOrganizationId, @searchPattern, {Finder.Probe})",
                Joined = Contact,
            };
        }
        // The list's own condition has the custom fields and the tags.
        if (filter.CustomFields.Count > 0)
        {
            return new("true", new
            {
                searchOrganizationId = organizationId,
                customFilters = $"[{string.Join(',', filter.CustomFields.Select(field => $"[{string.Join(',', field.Alternatives())}]"))}]",
            })
            {
                Function = $"app.find_leads_by_custom_fields(@searchOrganizationId, @customFilters::jsonb, {Finder.Probe})",
            };
        }
        return tags.Length == 0 ? null : new("true", new { searchOrganizationId = organizationId })
        {
            Function = $"app.find_tagged_leads(@searchOrganizationId, @tags, {Finder.Probe})",
        };
    }
}
