using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Analytics;

/// <summary>What happened in one campaign during a period.</summary>
public static class CampaignAnalytics
{
    /// <summary>The parts <c>counts</c> and <c>buckets</c>: the short form.</summary>
    public static Task<ReportParts> CountAsync(DatabaseSession session, AnalyticsFilter filter, CancellationToken cancellationToken) =>
        AnalyticsStatements.ReadAsync(session, filter, $"""
            with {AnalyticsStatements.Period}, {AnalyticsStatements.Counted}
            {AnalyticsStatements.CountParts}
            """, null, cancellationToken);

    /// <summary>
    /// All parts: <c>counts</c>, <c>buckets</c>, <c>deals</c>, <c>steps</c>, <c>assignees</c>, <c>hours</c> and <c>replies</c>.
    /// </summary>
    public static Task<ReportParts> ReadAsync(DatabaseSession session, AnalyticsFilter filter, CancellationToken cancellationToken) =>
        AnalyticsStatements.ReadAsync(session, filter, $"""
            with {AnalyticsStatements.Period}, {AnalyticsStatements.Counted}, won as materialized (
                select a.id as activity_id, l.contact_id, l.id as lead_id, a.occurred_at as replied_at, l.closed_at, a.details ->> 'step' as step,
                    a.details ->> 'variant' as variant, coalesce(l.deal_currency, 'unknown') as currency, l.deal_amount as amount
                from period p
                join app.lead l on l.deal_amount is not null and l.status = 'converted' and l.closed_at >= p.starts_at and l.closed_at < p.ends_at
                    and {AnalyticsStatements.InScope}
                cross join lateral (
                    select a.id, a.occurred_at, a.details
                    from app.activity a
                    where a.organization_id = l.organization_id and a.lead_id = l.id and a.activity_type = 'email.replied' and a.occurred_at <= l.closed_at
                    order by a.occurred_at desc, a.id
                    limit 1
                ) a
            )
            {AnalyticsStatements.CountParts}
            union all
            {AnalyticsStatements.DealsPart}
            union all
            select 'steps', (
                select json_agg(row_to_json(s) order by length(s.step), s.step, length(s.variant), s.variant)::text
                from (
                    select a.details ->> 'step' as step, a.details ->> 'variant' as variant,
                        count(*) filter (where a.activity_type = 'email.sent') as sent,
                        count(*) filter (where a.activity_type = 'email.opened') as opened,
                        count(*) filter (where a.activity_type = 'email.link_clicked') as clicked,
                        count(*) filter (where a.activity_type = 'email.replied') as replied,
                        count(*) filter (where a.activity_type = 'email.bounced') as bounced,
                        count(*) filter (where a.activity_type = 'lead.unsubscribed') as unsubscribed,
                        count(distinct a.lead_id) filter (where a.activity_type = 'email.sent') as sent_leads,
                        count(distinct a.lead_id) filter (where a.activity_type = 'email.replied') as replied_leads
                    from period p
                    join app.activity a on a.organization_id = p.organization_id and a.campaign_id = @campaign and a.occurred_at >= p.starts_at
                        and a.occurred_at < p.ends_at
                    join app.lead l on l.id = a.lead_id and {AnalyticsStatements.InScope}
                    where a.activity_type in (
                        'email.sent', 'email.opened', 'email.link_clicked', 'email.replied', 'email.bounced', 'lead.unsubscribed')
                    group by 1, 2
                ) s)
            union all
            select 'assignees', (
                select json_agg(row_to_json(s) order by s.leads desc, s.user_id)::text
                from (
                    select l.assigned_to as user_id, max(coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email)) as name, count(*) as leads,
                        count(*) filter (where l.sent_count > 0) as contacted_leads, count(*) filter (where l.replied_count > 0) as replied_leads,
                        count(*) filter (where l.interested_count > 0) as interested_leads,
                        count(*) filter (where l.status = 'qualified') as qualified_leads,
                        count(*) filter (where l.status = 'converted') as converted_leads
                    from period p
                    join app.lead l on {AnalyticsStatements.InScope}
                    left join app.user u on u.organization_id = l.organization_id and u.id = l.assigned_to
                    group by l.assigned_to
                ) s)
            union all
            select 'hours', (
                select json_agg(row_to_json(s) order by s.weekday, s.hour)::text
                from (
                    select extract(isodow from a.occurred_at at time zone p.zone)::integer as weekday,
                        extract(hour from a.occurred_at at time zone p.zone)::integer as hour, count(*) as replies, count(distinct a.lead_id) as leads
                    from period p
                    join app.activity a on a.organization_id = p.organization_id and a.activity_type = 'email.replied'
                        and a.activity_type in ('email.replied', 'lead.meeting_booked') and a.occurred_at >= p.starts_at and a.occurred_at < p.ends_at
                    join app.lead l on l.id = a.lead_id and {AnalyticsStatements.InScope}
                    group by 1, 2
                ) s)
            union all
            select 'replies', (
                select json_agg(row_to_json(w) order by w.currency, w.amount desc, w.lead_id)::text from won w)
            """, null, cancellationToken);
}
