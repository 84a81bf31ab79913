-- The leads of a scope by their status and the local day since which they have had it, exact at once as app.analytics_rows is. In a time
-- zone without daily rows they are counted from the rows of the leads.
create or replace function app.analytics_ages(organization uuid, agency uuid, client uuid, campaign uuid, zone text)
returns table (status text, day date, leads bigint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    statuses constant text[] := app.analytics_statuses();
    row_level text := app.analytics_level(agency, client, campaign);
    changed uuid[] := app.analytics_changed_leads(organization, agency, client);
    folded boolean := exists (
        select from app.analytics_zone z where z.organization_id = organization and z.timezone = zone and z.made_at is not null);
begin
    return query
        select statuses[-r.kind], r.day, sum(r.leads)::bigint
        from (
            select d.kind, d.day, d.leads
            from app.analytics_day d
            where folded and d.organization_id = organization and d.timezone = zone and d.level = row_level
                and d.scope_id = coalesce(campaign, client, agency, organization)
                and (agency is null or d.agency_id = agency) and (client is null or d.client_id = client)
                and d.kind < 0
            union all
            select s.kind, (s.at at time zone zone)::date, s.sign
            from (
                select 1 as sign, e.kind, e.at
                from app.lead l
                cross join lateral (
                    select -array_position(statuses, l.status) as kind, c.at
                    from app.lead_status_change c
                    where c.organization_id = organization and c.lead_id = l.id
                    order by c.number desc
                    limit 1
                ) e
                where l.organization_id = organization and l.id = any (changed) and l.deleted_at is null
                    and (agency is null or l.agency_id = agency) and (client is null or l.client_id = client)
                    and (campaign is null or l.campaign_id = campaign)
                union all
                -- Kinds are sorted: that of the status is the first.
                select -1, a.kinds[1], a.times[1]
                from app.analytics_lead a
                where folded and a.organization_id = organization and a.lead_id = any (changed) and a.kinds[1] < 0
                    and (agency is null or a.agency_id = agency) and (client is null or a.client_id = client)
                    and (campaign is null or a.campaign_id = campaign)
                union all
                select 1, a.kinds[1], a.times[1]
                from app.analytics_lead a
                where not folded and a.organization_id = organization and a.lead_id <> all (changed) and a.kinds[1] < 0
                    and (agency is null or a.agency_id = agency) and (client is null or a.client_id = client)
                    and (campaign is null or a.campaign_id = campaign)
            ) s
        ) r
        group by r.kind, r.day
        having sum(r.leads) <> 0;
end
$$;

revoke all on function app.analytics_ages(uuid, uuid, uuid, uuid, text) from public;
grant execute on function app.analytics_ages(uuid, uuid, uuid, uuid, text) to salesbrain_tenant, salesbrain_platform;
