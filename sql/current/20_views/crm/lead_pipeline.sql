-- The leads of each organization, agency, client and campaign by status: how many, the sum of their deal amounts in each currency (an
-- object such as {"EUR": 1200.00}; amounts without a currency are under "unknown"), and their average score. Deleted leads are left out.
create or replace view app.lead_pipeline with (security_invoker = true) as
select p.organization_id, p.agency_id, p.client_id, p.campaign_id, p.status,
    sum(p.leads)::bigint as leads,
    coalesce(jsonb_object_agg(coalesce(p.deal_currency, 'unknown'), p.deal_amount) filter (where p.deal_amount is not null), '{}') as deal_amounts,
    round(sum(p.scores)::numeric / sum(p.leads), 2) as average_score
from (
    select l.organization_id, l.agency_id, l.client_id, l.campaign_id, l.status, l.deal_currency,
        count(*) as leads, sum(l.deal_amount) as deal_amount, sum(l.score) as scores
    from app.lead l
    where l.deleted_at is null
    group by l.organization_id, l.agency_id, l.client_id, l.campaign_id, l.status, l.deal_currency
) p
group by p.organization_id, p.agency_id, p.client_id, p.campaign_id, p.status;

revoke all on app.lead_pipeline from public, salesbrain_tenant, salesbrain_platform;
grant select on app.lead_pipeline to salesbrain_tenant, salesbrain_platform;
