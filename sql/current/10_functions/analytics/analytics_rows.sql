-- The daily rows of a scope in a time zone that has them, exact at once: the folded rows, without what leads with unfolded changes
-- contributed, and with what they contribute now. Days from first_day (creations: all) until end_day (exclusive).
create or replace function app.analytics_rows(
    organization uuid, agency uuid, client uuid, campaign uuid, zone text, first_day date, end_day date)
returns table (kind smallint, source text, day date, previous_day date, leads bigint, events bigint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    row_level text := app.analytics_level(agency, client, campaign);
    changed uuid[] := app.analytics_changed_leads(organization, agency, client);
begin
    return query
        select d.kind, d.source, d.day, d.previous_day, d.leads, d.events
        from app.analytics_day d
        where d.organization_id = organization and d.timezone = zone and d.level = row_level
            and d.scope_id = coalesce(campaign, client, agency, organization)
            and (agency is null or d.agency_id = agency) and (client is null or d.client_id = client)
            and d.kind = 1 and d.day < end_day
        union all
        select d.kind, d.source, d.day, d.previous_day, d.leads, d.events
        from app.analytics_day d
        where d.organization_id = organization and d.timezone = zone and d.level = row_level
            and d.scope_id = coalesce(campaign, client, agency, organization)
            and (agency is null or d.agency_id = agency) and (client is null or d.client_id = client)
            and d.kind > 1 and d.day >= first_day and d.day < end_day;
    if cardinality(changed) = 0 then
        return;
    end if;
    return query
        select d.kind, case when d.kind = 1 then s.source else '' end, d.day, d.previous_day, s.sign::bigint, s.sign * d.events
        from (
            select 1 as sign, f.campaign_id, f.agency_id, f.client_id, f.source, f.kinds, f.times
            from app.analytics_lead_events(organization, changed) f
            union all
            select -1, a.campaign_id, a.agency_id, a.client_id, a.source, a.kinds, a.times
            from app.analytics_lead a
            where a.organization_id = organization and a.lead_id = any (changed)
        ) s
        cross join lateral (
            select k.kind, k.day, lag(k.day, 1, '-infinity') over (partition by k.kind order by k.day) as previous_day, k.events
            from (
                select e.kind, (e.at at time zone zone)::date as day, count(*) as events
                from unnest(s.kinds, s.times) e (kind, at)
                group by 1, 2
            ) k
        ) d
        where (agency is null or s.agency_id = agency) and (client is null or s.client_id = client)
            and (campaign is null or s.campaign_id = campaign)
            and d.kind > 0 and (d.kind = 1 or d.day >= first_day) and d.day < end_day;
end
$$;

revoke all on function app.analytics_rows(uuid, uuid, uuid, uuid, text, date, date) from public;
grant execute on function app.analytics_rows(uuid, uuid, uuid, uuid, text, date, date) to salesbrain_tenant, salesbrain_platform;
