-- An agency's clients, campaigns and leads in numbers, for SQL users and reports; no row if the session does not see the agency. Rates are
-- those of all its campaigns together.
create or replace function app.get_agency_overview(agency uuid)
returns table (
    agency_id uuid, name text, clients bigint, campaigns bigint, active_campaigns bigint, leads bigint, contacted_leads bigint,
    replied_leads bigint, interested_leads bigint, qualified_leads bigint, converted_leads bigint,
    contact_rate numeric, reply_rate numeric, interest_rate numeric, qualification_rate numeric, conversion_rate numeric)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
        select a.id, a.name, c.clients, p.campaigns, p.active_campaigns, p.leads, p.contacted_leads, p.replied_leads, p.interested_leads,
            p.qualified_leads, p.converted_leads, app.rate(p.contacted_leads, p.leads), app.rate(p.replied_leads, p.contacted_leads),
            app.rate(p.interested_leads, p.contacted_leads), app.rate(p.qualified_leads, p.leads), app.rate(p.converted_leads, p.leads)
        from app.agency a
        cross join lateral (
            select count(*) as clients from app.client c where c.organization_id = a.organization_id and c.agency_id = a.id
        ) c
        cross join lateral (
            select count(*) as campaigns, count(*) filter (where p.status = 'active') as active_campaigns,
                coalesce(sum(p.leads), 0)::bigint as leads, coalesce(sum(p.contacted_leads), 0)::bigint as contacted_leads,
                coalesce(sum(p.replied_leads), 0)::bigint as replied_leads,
                coalesce(sum(p.interested_leads), 0)::bigint as interested_leads,
                coalesce(sum(p.qualified_leads), 0)::bigint as qualified_leads,
                coalesce(sum(p.converted_leads), 0)::bigint as converted_leads
            from app.campaign_performance p
            where p.organization_id = a.organization_id and p.agency_id = a.id
        ) p
        where a.id = agency;
end
$$;

revoke all on function app.get_agency_overview(uuid) from public;
grant execute on function app.get_agency_overview(uuid) to salesbrain_tenant, salesbrain_platform;
