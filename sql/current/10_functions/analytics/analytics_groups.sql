-- The leads of a scope by the values of fields (see app.analytics_group), exact at once: the folded rows, without what leads with unfolded
-- changes contributed, and with what they contribute now. Either all leads, or those with an open deal by its currency.
create or replace function app.analytics_groups(
    organization uuid, agency uuid, client uuid, campaign uuid, fields text[], of_deals boolean)
returns table (field text, key text, currency text, leads bigint, scores bigint, amount numeric)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    row_level text := app.analytics_level(agency, client, campaign);
    changed uuid[] := app.analytics_changed_leads(organization, agency, client);
begin
    return query
        select r.field, r.key, r.currency, sum(r.leads)::bigint, sum(r.scores)::bigint, sum(r.amount)
        from (
            select g.field, g.key, g.currency, g.leads, g.scores, g.amount
            from app.analytics_group g
            where g.organization_id = organization and g.level = row_level and g.scope_id = coalesce(campaign, client, agency, organization)
                and (agency is null or g.agency_id = agency) and (client is null or g.client_id = client)
                and g.field = any (fields) and (g.currency <> '') = of_deals
            union all
            select g.field, g.key, g.currency, s.sign * g.leads, s.sign * g.scores, s.sign * g.amount
            from (
                select 1 as sign, l.status, l.priority, l.interest, l.source, l.practice_area, l.assigned_to, l.campaign_id,
                    l.score::integer as score, l.qualification_score::integer as qualification_score, l.deal_amount, l.deal_currency
                from app.lead l
                where l.organization_id = organization and l.id = any (changed) and l.deleted_at is null
                    and (agency is null or l.agency_id = agency) and (client is null or l.client_id = client)
                    and (campaign is null or l.campaign_id = campaign)
                union all
                select -1, a.status, a.priority, a.interest, a.source, a.practice_area, a.assigned_to, a.campaign_id, a.score,
                    a.qualification_score, a.deal_amount, a.deal_currency
                from app.analytics_lead a
                where a.organization_id = organization and a.lead_id = any (changed)
                    and (agency is null or a.agency_id = agency) and (client is null or a.client_id = client)
                    and (campaign is null or a.campaign_id = campaign)
            ) s
            cross join lateral app.analytics_lead_groups(
                s.status, s.priority, s.interest, s.source, s.practice_area, s.assigned_to, s.campaign_id, s.score, s.qualification_score,
                s.deal_amount, s.deal_currency) g
            where g.field = any (fields) and (g.currency <> '') = of_deals
        ) r
        group by r.field, r.key, r.currency
        having sum(r.leads) <> 0;
end
$$;

revoke all on function app.analytics_groups(uuid, uuid, uuid, uuid, text[], boolean) from public;
grant execute on function app.analytics_groups(uuid, uuid, uuid, uuid, text[], boolean) to salesbrain_tenant, salesbrain_platform;
