using Dapper;
using SalesBrain.Core.Paging;
using SalesBrain.Core.Values;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Analytics;

/// <summary>
/// Leads by what they have in common. All leads of a scope are read from the rows by field (<c>app.analytics_group</c>) and day; those that
/// match further conditions are counted themselves.
/// </summary>
public static class LeadAnalytics
{
    /// <summary>
    /// The parts of <c>counted</c>, <c>grouped (key, leads, average_score)</c>, <c>deal (state, key, currency, amount, leads)</c>,
    /// <c>qualified (key, count)</c>, <c>scored (key, count)</c> and <c>aged (status, day, leads)</c>. At most 1000 groups, because sources and
    /// practice areas are free texts; ages by bands of days from 0, 1, 7, 14, 30, 60 and 90.
    /// </summary>
    private const string Parts = $"""
        {AnalyticsStatements.CountParts}
        union all
        select 'groups', (
            select json_agg(row_to_json(g) order by g.leads desc, g.key)::text
            from (
                select g.key, g.leads, g.average_score, case
                    when @field = 'assignee' then (
                        select coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email)
                        from app.user u where u.organization_id = p.organization_id and u.id = g.key::uuid)
                    when @field = 'campaign' then (select c.name from app.campaign c where c.organization_id = p.organization_id and c.id = g.key::uuid)
                    when @field = 'score_band' then g.key || '–' || case g.key when '90' then '100' else (g.key::integer + 9)::text end
                    else g.key end as label
                from period p
                cross join (select g.* from grouped g order by g.leads desc, g.key limit 1000) g
            ) g)
        union all
        select 'group_deals', (
            select json_agg(row_to_json(d) order by d.state, d.currency, d.amount desc, d.key)::text
            from (select d.state, 'group' as dimension, d.key, d.currency, d.amount, d.leads from deal d) d)
        union all
        select 'qualification', (select json_agg(row_to_json(q))::text from qualified q)
        union all
        select 'scores', (select json_agg(row_to_json(s))::text from scored s)
        union all
        select 'ages', (
            select json_agg(row_to_json(a) order by a.status, a.min_days)::text
            from (
                select a.status, (array[0, 1, 7, 14, 30, 60, 90])[width_bucket(
                    greatest(0, (@now at time zone p.zone)::date - a.day), array[0, 1, 7, 14, 30, 60, 90])] as min_days,
                    sum(a.leads)::bigint as leads
                from period p
                cross join aged a
                group by 1, 2
            ) a)
        """;

    /// <summary>What a lead <c>l</c> is grouped by.</summary>
    private const string Key = """
        case @field
            when 'status' then l.status when 'priority' then l.priority when 'interest' then l.interest when 'source' then nullif(l.source, '')
            when 'practice_area' then nullif(l.practice_area, '') when 'assignee' then l.assigned_to::text
            when 'campaign' then l.campaign_id::text else (least(l.score / 10, 9) * 10)::text end
        """;

    /// <summary>The last change of status, <c>s</c>, of each lead <c>m</c>: a look-up for each.</summary>
    private const string ChangeOfLead = """
        join lateral (
            select c.at
            from app.lead_status_change c
            where c.organization_id = m.organization_id and c.lead_id = m.id
            order by c.number desc
            limit 1
        ) s on true
        """;

    /// <summary>The same for all leads of the organization: one scan of the index from its end.</summary>
    private const string ChangeOfAll = """
        join (
            select distinct on (c.lead_id) c.lead_id, c.at
            from period p
            join app.lead_status_change c on c.organization_id = p.organization_id
            order by c.lead_id desc, c.number desc
        ) s on s.lead_id = m.id
        """;

    /// <summary>
    /// The parts <c>counts</c> (created, qualified, converted), <c>buckets</c>, <c>groups</c>, <c>group_deals</c>, <c>qualification</c>,
    /// <c>scores</c> (by the lower bound of the band of ten) and <c>ages</c>.
    /// </summary>
    /// <param name="session">A reading session.</param>
    /// <param name="filter">Whose leads, and when.</param>
    /// <param name="leads">Which of them, as in the list of leads.</param>
    /// <param name="field">What to group by: a name of the column, or <c>assignee</c>, <c>campaign</c> or <c>score_band</c>.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static Task<ReportParts> ReadAsync(
        DatabaseSession session, AnalyticsFilter filter, LeadFilter leads, string field, CancellationToken cancellationToken) =>
        leads is
        {
            Statuses: [], Priorities: [], Interests: [], AssignedTo: null, Unassigned: false, PracticeArea: null, Tags: [], MinScore: null,
            CustomFields: [], Search: null,
        }
            ? ReadAllAsync(session, filter, field, cancellationToken)
            : ReadMatchingAsync(session, filter, leads, field, cancellationToken);

    /// <summary>All leads of the scope: the cost does not grow with them.</summary>
    private static Task<ReportParts> ReadAllAsync(
        DatabaseSession session, AnalyticsFilter filter, string field, CancellationToken cancellationToken) =>
        AnalyticsStatements.ReadAsync(session, filter, $"""
            with {AnalyticsStatements.Period}, all_counted as materialized (
                {AnalyticsStatements.Counts}
            ), counted as (
                select c.kind, c.is_previous, c.starts_on, c.events, c.leads
                from all_counted c
                where c.kind in ('leads', 'created', 'qualified', 'converted')
            ), summed as materialized (
                select g.field, nullif(g.key, '') as key, g.leads, g.scores
                from period p
                cross join lateral app.analytics_groups(
                    p.organization_id, @agency, @client, @campaign, array[@field, 'qualification', 'score_band'], false) g
            ), grouped as (
                select s.key, s.leads, round(s.scores::numeric / s.leads, 2) as average_score
                from summed s
                where s.field = @field
            ), deal as (
                select 'won' as state, {Key} as key, coalesce(l.deal_currency, 'unknown') as currency, sum(l.deal_amount) as amount,
                    count(*) as leads
                from period p
                join app.lead l on l.deal_amount is not null and l.status = 'converted' and l.closed_at >= p.starts_at and l.closed_at < p.ends_at
                    and {AnalyticsStatements.InScope}
                group by 2, 3
                union all
                select 'open', nullif(g.key, ''), g.currency, g.amount, g.leads
                from period p
                cross join lateral app.analytics_groups(p.organization_id, @agency, @client, @campaign, array[@field], true) g
            ), aged as (
                select a.status, a.day, a.leads
                from period p
                cross join lateral app.analytics_ages(p.organization_id, @agency, @client, @campaign, p.zone) a
            ), qualified as (
                select s.key, s.leads as count from summed s where s.field = 'qualification'
            ), scored as (
                select s.key, s.leads as count from summed s where s.field = 'score_band'
            )
            {Parts}
            """, new { field }, cancellationToken);

    /// <summary>The leads that match: each is read.</summary>
    private static Task<ReportParts> ReadMatchingAsync(
        DatabaseSession session, AnalyticsFilter filter, LeadFilter leads, string field, CancellationToken cancellationToken)
    {
        var search = SearchTerm.Of(leads.Search);
        var custom = leads.CustomFields.Select((_, index) => $"and l.custom_fields @> any (@custom{index}::text[]::jsonb[])");
        var more = new DynamicParameters(new
        {
            field,
            statuses = leads.Statuses.Select(status => status.ToWireName()).ToArray(),
            priorities = leads.Priorities.Select(priority => priority.ToWireName()).ToArray(),
            interests = leads.Interests.Select(interest => interest.ToWireName()).ToArray(),
            leads.AssignedTo,
            leads.Unassigned,
            leads.PracticeArea,
            tags = leads.Tags.Distinct().ToArray(),
            leads.MinScore,
            searchTerm = search?.Text,
        });
        for (var index = 0; index < leads.CustomFields.Count; index++)
        {
            more.Add($"custom{index}", leads.CustomFields[index].Alternatives().ToArray());
        }
        var few = filter.CampaignId is not null || filter.AgencyId is not null || filter.ClientId is not null || search is not null || leads.AssignedTo is not null
            || leads.CustomFields.Count > 0;
        // What is dear to find is found once. Otherwise each part reads the leads as it is cheapest: by an index, or all of them once.
        var stored = search is not null || leads.CustomFields.Count > 0 ? "materialized" : "not materialized";
        return AnalyticsStatements.ReadAsync(session, filter, $"""
            with {AnalyticsStatements.Period}, matching as {stored} (
                select l.organization_id, l.id, l.status, l.created_at, l.score, l.qualification_score, l.deal_amount, l.deal_currency, l.closed_at,
                    {Key} as key
                from period p
                join app.lead l on {AnalyticsStatements.InScope}
                where (cardinality(@statuses) = 0 or l.status = any (@statuses)) and (cardinality(@priorities) = 0 or l.priority = any (@priorities))
                    and (cardinality(@interests) = 0 or l.interest = any (@interests))
                    and (@AssignedTo::uuid is null or l.assigned_to = @AssignedTo) and (not @Unassigned or l.assigned_to is null)
                    and (@PracticeArea::text is null or l.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or l.tags @> @tags)
                    and (@MinScore::integer is null or l.score >= @MinScore)
                    and (@searchTerm::text is null or exists (
                        select from app.contact k
                        where k.organization_id = l.organization_id and k.id = l.contact_id and strpos(k.search_text, @searchTerm) > 0))
                    {string.Join('\n', custom)}
            ), summed as materialized (
                select m.key, m.qualification_score, least(m.score / 10, 9) * 10 as score_band, count(*) as leads, sum(m.score) as scores,
                    count(*) filter (where m.created_at < p.ends_at) as leads_now, count(*) filter (where m.created_at < p.starts_at) as leads_before
                from period p
                join matching m on true
                group by 1, 2, 3
            ), fact as (
                select 'created' as kind, m.id as lead_id, m.created_at as at
                from period p
                join matching m on m.created_at >= p.previous_starts_at and m.created_at < p.ends_at
                union all
                select s.status, s.lead_id, s.at
                from period p
                join app.lead_status_change s on s.organization_id = p.organization_id and s.status in ('qualified', 'converted')
                    and s.at >= p.previous_starts_at and s.at < p.ends_at
                join matching m on m.id = s.lead_id
            ), placed as (
                select f.kind, f.lead_id, f.at < p.starts_at as is_previous,
                    case when f.at >= p.starts_at then date_trunc(@grouping, f.at at time zone p.zone)::date end as starts_on
                from period p
                cross join fact f
            ), counted as (
                select c.kind, c.is_previous, c.starts_on, count(*) as events, count(distinct c.lead_id) as leads
                from placed c
                group by grouping sets ((c.kind, c.is_previous), (c.kind, c.is_previous, c.starts_on))
                having grouping(c.starts_on) = 1 or c.starts_on is not null
                union all
                select 'leads', w.is_previous, null, w.leads, w.leads
                from (select coalesce(sum(s.leads_now), 0)::bigint as now, coalesce(sum(s.leads_before), 0)::bigint as before from summed s) s
                cross join lateral (values (false, s.now), (true, s.before)) as w (is_previous, leads)
            ), grouped as (
                select s.key, sum(s.leads)::bigint as leads, round(sum(s.scores)::numeric / sum(s.leads), 2) as average_score
                from summed s
                group by s.key
            ), deal as (
                select case m.status when 'converted' then 'won' else 'open' end as state, m.key, coalesce(m.deal_currency, 'unknown') as currency,
                    sum(m.deal_amount) as amount, count(*) as leads
                from period p
                join matching m on m.deal_amount is not null
                    and (m.status not in ('converted', 'rejected')
                        or (m.status = 'converted' and m.closed_at >= p.starts_at and m.closed_at < p.ends_at))
                group by 1, 2, 3
            ), aged as (
                select m.status, (s.at at time zone p.zone)::date as day, count(*) as leads
                from period p
                cross join matching m
                {(few ? ChangeOfLead : ChangeOfAll)}
                group by 1, 2
            ), qualified as (
                select s.qualification_score::text as key, sum(s.leads)::bigint as count
                from summed s
                group by s.qualification_score
            ), scored as (
                select s.score_band::text as key, sum(s.leads)::bigint as count
                from summed s
                group by s.score_band
            )
            {Parts}
            """, more, cancellationToken);
    }
}
