using Dapper;
using SalesBrain.Core.Paging;
using SalesBrain.Core.Values;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Analytics;

/// <summary>Leads by what they have in common, counted from the leads themselves.</summary>
public static class LeadAnalytics
{
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
        return AnalyticsStatements.ReadAsync(session, filter, $"""
            with {AnalyticsStatements.Period}, matching as materialized (
                select l.organization_id, l.id, l.status, l.created_at, l.score, l.qualification_score, l.deal_amount, l.deal_currency, l.closed_at,
                    case @field
                        when 'status' then l.status when 'priority' then l.priority when 'interest' then l.interest when 'source' then l.source
                        when 'practice_area' then l.practice_area when 'assignee' then l.assigned_to::text when 'campaign' then l.campaign_id::text
                        else (least(l.score / 10, 9) * 10)::text end as key
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
            ), fact as (
                select 'created' as kind, m.id as lead_id, m.created_at as at from matching m
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
                join fact f on f.at >= p.previous_starts_at and f.at < p.ends_at
            ), counted as (
                select c.kind, c.is_previous, c.starts_on, count(*) as events, count(distinct c.lead_id) as leads
                from placed c
                group by grouping sets ((c.kind, c.is_previous), (c.kind, c.is_previous, c.starts_on))
                having grouping(c.starts_on) = 1 or c.starts_on is not null
                union all
                select 'leads', w.is_previous, null, count(m.id), count(m.id)
                from period p
                cross join lateral (values (false, p.ends_at), (true, p.starts_at)) as w (is_previous, until)
                left join matching m on m.created_at < w.until
                group by w.is_previous
            )
            {AnalyticsStatements.CountParts}
            union all
            select 'groups', (
                select jsonb_agg(to_jsonb(g) order by g.leads desc, g.key)::text
                from (
                    select g.key, g.leads, g.average_score, case
                        when @field = 'assignee' then (
                            select coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email)
                            from app.user u where u.organization_id = g.organization_id and u.id = g.key::uuid)
                        when @field = 'campaign' then (select c.name from app.campaign c where c.organization_id = g.organization_id and c.id = g.key::uuid)
                        when @field = 'score_band' then g.key || '–' || case g.key when '90' then '100' else (g.key::integer + 9)::text end
                        else g.key end as label
                    from (
                        select m.organization_id, m.key, count(*) as leads, round(avg(m.score), 2) as average_score
                        from matching m
                        group by m.organization_id, m.key
                        -- Sources and practice areas are free texts.
                        order by 3 desc, 2
                        limit 1000
                    ) g
                ) g)
            union all
            select 'group_deals', (
                select jsonb_agg(to_jsonb(d) order by d.state, d.currency, d.amount desc, d.key)::text
                from (
                    select case m.status when 'converted' then 'won' else 'open' end as state, 'group' as dimension, m.key,
                        coalesce(m.deal_currency, 'unknown') as currency, sum(m.deal_amount) as amount, count(*) as leads
                    from period p
                    join matching m on m.deal_amount is not null
                        and (m.status not in ('converted', 'rejected')
                            or (m.status = 'converted' and m.closed_at >= p.starts_at and m.closed_at < p.ends_at))
                    group by 1, 3, 4
                ) d)
            union all
            select 'qualification', (
                select jsonb_agg(to_jsonb(q))::text
                from (
                    select m.qualification_score::text as key, count(*) as count
                    from matching m
                    group by m.qualification_score
                ) q)
            union all
            select 'scores', (
                select jsonb_agg(to_jsonb(q))::text
                from (
                    select (least(m.score / 10, 9) * 10)::text as key, count(*) as count
                    from matching m
                    group by 1
                ) q)
            union all
            select 'ages', (
                select jsonb_agg(to_jsonb(a) order by a.status, a.min_days)::text
                from (
                    select m.status, (array[0, 1, 7, 14, 30, 60, 90])[width_bucket(
                        greatest(0, (@now at time zone p.zone)::date - (s.at at time zone p.zone)::date), array[0, 1, 7, 14, 30, 60, 90])] as min_days,
                        count(*) as leads
                    from period p
                    cross join matching m
                    join lateral (
                        select s.at
                        from app.lead_status_change s
                        where s.organization_id = m.organization_id and s.lead_id = m.id
                        order by s.number desc
                        limit 1
                    ) s on true
                    group by 1, 2
                ) a)
            """, more, cancellationToken);
    }
}
