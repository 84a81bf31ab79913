-- Each campaign that is not deleted with the names it belongs to, its counters and rates (app.campaign_performance) and its deals: the
-- amounts of converted leads (won) and of leads that are neither converted nor rejected (open), an object by currency such as {"EUR":
-- 1200.00}.
create or replace view app.campaign_summary with (security_invoker = true) as
select p.campaign_id, p.organization_id, p.name, p.status, p.source, p.agency_id, a.name as agency_name, p.client_id, c.name as client_name,
    g.start_date, g.end_date, g.started_at, g.completed_at, g.created_at,
    p.leads, p.contacted_leads, p.opened_leads, p.replied_leads, p.interested_leads, p.qualified_leads, p.converted_leads,
    p.contact_rate, p.open_rate, p.reply_rate, p.interest_rate, p.qualification_rate, p.conversion_rate,
    d.won_amounts, d.open_amounts
from app.campaign_performance p
join app.campaign g on g.organization_id = p.organization_id and g.id = p.campaign_id
left join app.agency a on a.organization_id = p.organization_id and a.id = p.agency_id
left join app.client c on c.organization_id = p.organization_id and c.id = p.client_id
cross join lateral (
    select coalesce(jsonb_object_agg(m.currency, m.won) filter (where m.won is not null), '{}') as won_amounts,
        coalesce(jsonb_object_agg(m.currency, m.open) filter (where m.open is not null), '{}') as open_amounts
    from (
        select coalesce(l.deal_currency, 'unknown') as currency, sum(l.deal_amount) filter (where l.status = 'converted') as won,
            sum(l.deal_amount) filter (where l.status not in ('converted', 'rejected')) as open
        from app.lead l
        where l.organization_id = p.organization_id and l.campaign_id = p.campaign_id and l.deal_amount is not null and l.deleted_at is null
        group by 1
    ) m
) d;

revoke all on app.campaign_summary from public, salesbrain_tenant, salesbrain_platform;
grant select on app.campaign_summary to salesbrain_tenant, salesbrain_platform;
