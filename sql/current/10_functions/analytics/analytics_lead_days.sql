-- What leads contribute to the daily rows, counted from their own rows: events of each kind on each local day. Deleted leads contribute nothing.
create or replace function app.analytics_lead_days(organization uuid, zone text, leads uuid[])
returns table (
    lead_id uuid, campaign_id uuid, agency_id uuid, client_id uuid, source text, kind smallint, day date, events integer)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select l.id, l.campaign_id, coalesce(l.agency_id, '00000000-0000-0000-0000-000000000000'),
        coalesce(l.client_id, '00000000-0000-0000-0000-000000000000'), coalesce(l.source, ''), f.kind, f.day, count(*)::integer
    from (select distinct i.id from unnest(leads) i (id)) i
    join app.lead l on l.organization_id = organization and l.id = i.id and l.deleted_at is null
    cross join lateral (
        select coalesce(array_position(app.analytics_kinds(), a.activity_type), 4)::smallint as kind, (a.occurred_at at time zone zone)::date as day
        from app.activity a
        where a.organization_id = organization and a.lead_id = l.id
        union all
        select array_position(app.analytics_kinds(), s.status)::smallint, (s.at at time zone zone)::date
        from app.lead_status_change s
        where s.organization_id = organization and s.lead_id = l.id and s.status in ('qualified', 'converted')
        union all
        select 1::smallint, (l.created_at at time zone zone)::date
    ) f
    group by l.id, l.campaign_id, l.agency_id, l.client_id, l.source, f.kind, f.day
$$;

revoke all on function app.analytics_lead_days(uuid, text, uuid[]) from public;
grant execute on function app.analytics_lead_days(uuid, text, uuid[]) to salesbrain_tenant, salesbrain_platform;
