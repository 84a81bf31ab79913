-- The leads of a scope with changes that app.fold_analytics has not added up yet.
create or replace function app.analytics_changed_leads(organization uuid, agency uuid, client uuid) returns uuid[]
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(array_agg(distinct i.lead_id), '{}')
    from app.analytics_change c
    cross join lateral unnest(c.lead_ids) i (lead_id)
    where c.organization_id = organization and (agency is null or c.agency_id = agency) and (client is null or c.client_id = client)
$$;

revoke all on function app.analytics_changed_leads(uuid, uuid, uuid) from public;
grant execute on function app.analytics_changed_leads(uuid, uuid, uuid) to salesbrain_tenant, salesbrain_platform;
