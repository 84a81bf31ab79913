using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Analytics;

/// <summary>What each user owns and what happened with the leads that are assigned to them.</summary>
public static class TeamAnalytics
{
    /// <summary>The parts <c>users</c>, <c>deals</c>, <c>buckets</c> and <c>series</c>.</summary>
    public static Task<ReportParts> ReadAsync(DatabaseSession session, AnalyticsFilter filter, CancellationToken cancellationToken) =>
        AnalyticsStatements.ReadAsync(session, filter, $"""
            with {AnalyticsStatements.Period}, assigned as (
                select l.assigned_to as user_id,
                    count(*) filter (where l.status = 'new') as new, count(*) filter (where l.status = 'contacted') as contacted,
                    count(*) filter (where l.status = 'responded') as responded, count(*) filter (where l.status = 'qualified') as qualified,
                    count(*) filter (where l.status = 'converted') as converted, count(*) filter (where l.status = 'rejected') as rejected
                from period p
                join app.lead l on l.assigned_to is not null and {AnalyticsStatements.InScope}
                group by l.assigned_to
            ), happened as materialized (
                select l.assigned_to as user_id, l.organization_id, l.id as lead_id, a.activity_type, a.occurred_at as at, a.occurred_at < p.starts_at as is_previous
                from period p
                join app.activity a on a.organization_id = p.organization_id and a.activity_type in ('email.replied', 'lead.meeting_booked')
                    and a.occurred_at >= p.previous_starts_at and a.occurred_at < p.ends_at
                join app.lead l on l.id = a.lead_id and l.assigned_to is not null and {AnalyticsStatements.InScope}
            ), counts as (
                select h.user_id,
                    count(*) filter (where h.activity_type = 'email.replied' and not h.is_previous) as replies,
                    count(*) filter (where h.activity_type = 'lead.meeting_booked' and not h.is_previous) as meetings,
                    count(*) filter (where h.activity_type = 'email.replied' and h.is_previous) as previous_replies,
                    count(*) filter (where h.activity_type = 'lead.meeting_booked' and h.is_previous) as previous_meetings
                from happened h
                group by h.user_id
            ), answered as (
                select h.user_id, extract(epoch from n.at - h.at)::double precision as seconds
                from happened h
                cross join lateral (
                    select min(x.at) as at
                    from (
                        (select a.occurred_at as at
                         from app.activity a
                         where a.organization_id = h.organization_id and a.lead_id = h.lead_id and a.occurred_at > h.at
                            and a.activity_type in ('email.sent', 'lead.meeting_booked')
                         order by a.occurred_at
                         limit 1)
                        union all
                        (select s.at
                         from app.lead_status_change s
                         where s.organization_id = h.organization_id and s.lead_id = h.lead_id and s.at > h.at
                            and s.status in ('qualified', 'converted', 'rejected')
                         order by s.at
                         limit 1)
                    ) x
                ) n
                where h.activity_type = 'email.replied' and not h.is_previous and n.at is not null
            ), times as (
                select a.user_id, count(*) as answered, percentile_cont(0.5) within group (order by a.seconds) as p50,
                    percentile_cont(0.9) within group (order by a.seconds) as p90, percentile_cont(0.95) within group (order by a.seconds) as p95
                from answered a
                group by a.user_id
            ), owned as materialized (
                select k.user_id, k.contacts from period p cross join lateral app.contacts_owned(p.organization_id) k
            ), people as (
                select u.id, u.organization_id
                from period p
                join app.user u on u.organization_id = p.organization_id and u.status = 'active'
                    and u.role not in ('read_only', 'client_user')
                    and (@agency::uuid is null or u.agency_id = @agency) and (@client::uuid is null or u.client_id = @client)
                where @campaign::uuid is null
                union
                select a.user_id, p.organization_id from period p cross join assigned a
            )
            select 'users' as name, (
                select json_agg(row_to_json(r) order by r.name, r.user_id)::text
                from (
                    select e.id as user_id, coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as name, u.role,
                        coalesce(k.contacts, 0) as contacts_owned, coalesce(a.new, 0) as new, coalesce(a.contacted, 0) as contacted,
                        coalesce(a.responded, 0) as responded, coalesce(a.qualified, 0) as qualified, coalesce(a.converted, 0) as converted,
                        coalesce(a.rejected, 0) as rejected, coalesce(c.replies, 0) as replies, coalesce(c.meetings, 0) as meetings,
                        coalesce(c.previous_replies, 0) as previous_replies, coalesce(c.previous_meetings, 0) as previous_meetings,
                        coalesce(t.answered, 0) as answered, t.p50, t.p90, t.p95
                    from people e
                    left join app.user u on u.organization_id = e.organization_id and u.id = e.id
                    left join owned k on k.user_id = e.id
                    left join assigned a on a.user_id = e.id
                    left join counts c on c.user_id = e.id
                    left join times t on t.user_id = e.id
                ) r) as rows
            union all
            {AnalyticsStatements.DealsPart}
            union all
            select 'buckets', (
                select json_agg(row_to_json(b) order by b.starts_on)::text
                from period p
                cross join lateral app.report_buckets(@grouping, p.local_from, p.local_to) b)
            union all
            select 'series', (
                select json_agg(row_to_json(s))::text
                from (
                    select h.activity_type as kind, false as is_previous, date_trunc(@grouping, h.at at time zone p.zone)::date as starts_on, count(*) as events,
                        count(distinct h.lead_id) as leads
                    from period p
                    join happened h on not h.is_previous
                    group by 1, 3
                ) s)
            """, null, cancellationToken);
}
