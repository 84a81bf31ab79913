-- The daily rows of a scope, exact at once: the folded rows, without what leads with unfolded changes contributed, and with what they contribute
-- now. Days from first_day (creations: all) until end_day (exclusive), local days of the organization's time zone.
create or replace function app.analytics_rows(
    organization uuid, agency uuid, client uuid, campaign uuid, zone text, first_day date, end_day date)
returns table (kind smallint, source text, day date, previous_day date, leads bigint, events bigint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    row_level text := case when campaign is not null then 'campaign' when client is not null then 'client' when agency is not null then 'agency'
        else 'organization' end;
    changed uuid[] := array(
        select distinct i.lead_id
        from app.analytics_change c
        cross join lateral unnest(c.lead_ids) i (lead_id)
        where c.organization_id = organization and (agency is null or c.agency_id = agency) and (client is null or c.client_id = client));
begin
    return query
        select d.kind, d.source, d.day, d.previous_day, d.leads, d.events
        from app.analytics_day d
        where d.organization_id = organization and d.level = row_level and d.scope_id = coalesce(campaign, client, agency, organization)
            and (agency is null or d.agency_id = agency) and (client is null or d.client_id = client)
            and d.kind = 1 and d.day < end_day
        union all
        select d.kind, d.source, d.day, d.previous_day, d.leads, d.events
        from app.analytics_day d
        where d.organization_id = organization and d.level = row_level and d.scope_id = coalesce(campaign, client, agency, organization)
            and (agency is null or d.agency_id = agency) and (client is null or d.client_id = client)
            and d.kind > 1 and d.day >= first_day and d.day < end_day;
    if cardinality(changed) = 0 then
        return;
    end if;
    return query
        select p.kind, case when p.kind = 1 then p.source else '' end, p.day, p.previous_day, p.sign::bigint, (p.sign * p.events)::bigint
        from (
            select s.*, lag(s.day, 1, '-infinity') over (partition by s.sign, s.lead_id, s.kind order by s.day) as previous_day
            from (
                select 1 as sign, f.lead_id, f.campaign_id, f.agency_id, f.client_id, f.source, f.kind, f.day, f.events
                from app.analytics_lead_days(organization, zone, changed) f
                union all
                select -1, a.lead_id, a.campaign_id, a.agency_id, a.client_id, a.source, e.kind, e.day, e.events
                from app.analytics_lead a
                cross join lateral unnest(a.kinds, a.days, a.events) e (kind, day, events)
                where a.organization_id = organization and a.lead_id = any (changed)
            ) s
            where (agency is null or s.agency_id = agency) and (client is null or s.client_id = client)
                and (campaign is null or s.campaign_id = campaign)
        ) p
        where (p.kind = 1 or p.day >= first_day) and p.day < end_day;
end
$$;

revoke all on function app.analytics_rows(uuid, uuid, uuid, uuid, text, date, date) from public;
grant execute on function app.analytics_rows(uuid, uuid, uuid, uuid, text, date, date) to salesbrain_tenant, salesbrain_platform;
