-- The counters and rates of each campaign that is not deleted. Counters without a suffix count events, those of _leads distinct leads. They
-- are equal to counting the campaign's live leads (app.count_lead_changes). A rate is null where there is nothing to divide by.
create or replace view app.campaign_performance with (security_invoker = true) as
select c.id as campaign_id, c.organization_id, c.agency_id, c.client_id, c.name, c.status, c.source,
    n.leads, n.contacted, n.opened, n.clicked, n.replied, n.bounced, n.unsubscribed, n.interested,
    n.contacted_leads, n.opened_leads, n.clicked_leads, n.replied_leads, n.bounced_leads, n.unsubscribed_leads, n.interested_leads,
    n.qualified_leads, n.converted_leads,
    app.rate(n.contacted_leads, n.leads) as contact_rate,
    app.rate(n.opened_leads, n.contacted_leads) as open_rate,
    app.rate(n.replied_leads, n.contacted_leads) as reply_rate,
    app.rate(n.interested_leads, n.contacted_leads) as interest_rate,
    app.rate(n.qualified_leads, n.leads) as qualification_rate,
    app.rate(n.converted_leads, n.leads) as conversion_rate
from app.campaign c
cross join lateral (
    select coalesce(sum(s.leads), 0)::bigint as leads, coalesce(sum(s.contacted), 0)::bigint as contacted,
        coalesce(sum(s.opened), 0)::bigint as opened, coalesce(sum(s.clicked), 0)::bigint as clicked,
        coalesce(sum(s.replied), 0)::bigint as replied, coalesce(sum(s.bounced), 0)::bigint as bounced,
        coalesce(sum(s.unsubscribed), 0)::bigint as unsubscribed, coalesce(sum(s.interested), 0)::bigint as interested,
        coalesce(sum(s.contacted_leads), 0)::bigint as contacted_leads, coalesce(sum(s.opened_leads), 0)::bigint as opened_leads,
        coalesce(sum(s.clicked_leads), 0)::bigint as clicked_leads, coalesce(sum(s.replied_leads), 0)::bigint as replied_leads,
        coalesce(sum(s.bounced_leads), 0)::bigint as bounced_leads, coalesce(sum(s.unsubscribed_leads), 0)::bigint as unsubscribed_leads,
        coalesce(sum(s.interested_leads), 0)::bigint as interested_leads, coalesce(sum(s.qualified_leads), 0)::bigint as qualified_leads,
        coalesce(sum(s.converted_leads), 0)::bigint as converted_leads
    from app.campaign_counter s
    where s.organization_id = c.organization_id and s.campaign_id = c.id
) n
where c.deleted_at is null;

revoke all on app.campaign_performance from public, salesbrain_tenant, salesbrain_platform;
grant select on app.campaign_performance to salesbrain_tenant, salesbrain_platform;
