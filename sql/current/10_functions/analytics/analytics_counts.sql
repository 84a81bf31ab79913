-- The numbers of a period and of the period before it, for the leads of an organization, an agency, a client or a campaign (null = all of
-- them):
--   a kind of app.analytics_kinds   events and distinct leads of the period, and by bucket (starts_on)
--   leads                           leads that existed at the end of the period
--   source                          leads created in the period, by source (label)
-- Only leads that are not deleted count, and an activity counts where its lead is. Periods of whole days in a time zone that has daily rows
-- are read from these. Others (bounds with a time, or a zone that nobody asked for yet) are counted from the times of the leads' events
-- (app.analytics_lead).
create or replace function app.analytics_counts(
    organization uuid, agency uuid, client uuid, campaign uuid, zone text, bucket_width text,
    local_from timestamp, local_to timestamp, starts_at timestamptz, ends_at timestamptz, previous_local_from timestamp,
    previous_starts_at timestamptz, whole_days boolean)
returns table (kind text, is_previous boolean, starts_on date, label text, events bigint, leads bigint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    kinds constant text[] := app.analytics_kinds();
    first_day date := local_from::date;
    end_day date := local_to::date;
    previous_day_one date := previous_local_from::date;
    changed uuid[];
begin
    if whole_days and exists (
        select from app.analytics_zone z where z.organization_id = organization and z.timezone = zone and z.made_at is not null)
    then
        return query
            with r as materialized (
                select r.kind, r.source, r.day, r.previous_day, r.leads, r.events, r.day < first_day as is_previous,
                    case when r.day < first_day then previous_day_one else first_day end as window_start,
                    case when r.day >= first_day then date_trunc(bucket_width, r.day::timestamp)::date end as starts_on
                from app.analytics_rows(organization, agency, client, campaign, zone, previous_day_one, end_day) r
            ), total as (
                select r.kind, r.is_previous, r.starts_on, sum(r.events)::bigint as events,
                    coalesce(case when grouping(r.starts_on) = 1 then sum(r.leads) filter (where r.previous_day < r.window_start)
                        else sum(r.leads) filter (where r.previous_day < greatest(r.starts_on, r.window_start)) end, 0)::bigint as leads
                from r
                where r.day >= previous_day_one
                group by grouping sets ((r.kind, r.is_previous), (r.kind, r.is_previous, r.starts_on))
                having grouping(r.starts_on) = 1 or r.starts_on is not null
            )
            select kinds[t.kind], t.is_previous, t.starts_on, null::text, t.events, t.leads
            from total t
            where t.events <> 0
            union all
            select 'leads', p.is_previous, null, null, p.leads, p.leads
            from (
                select coalesce(sum(r.leads), 0)::bigint as now,
                    coalesce(sum(r.leads) filter (where r.day < first_day), 0)::bigint as before
                from r
                where r.kind = 1
            ) t
            cross join lateral (values (false, t.now), (true, t.before)) as p (is_previous, leads)
            union all
            select 'source', r.is_previous, null, r.source, sum(r.leads)::bigint, sum(r.leads)::bigint
            from r
            where r.kind = 1 and r.day >= previous_day_one
            group by r.is_previous, r.source
            having sum(r.leads) <> 0;
        return;
    end if;

    changed := app.analytics_changed_leads(organization, agency, client);
    return query
        with member as not materialized (
            select a.lead_id, a.source, a.created_at, a.last_at, a.kinds, a.times
            from app.analytics_lead a
            where a.organization_id = organization and (agency is null or a.agency_id = agency) and (client is null or a.client_id = client)
                and (campaign is null or a.campaign_id = campaign) and a.lead_id <> all (changed)
            union all
            select f.lead_id, f.source, f.created_at, f.last_at, f.kinds, f.times
            from app.analytics_lead_events(organization, changed) f
            where (agency is null or f.agency_id = agency) and (client is null or f.client_id = client)
                and (campaign is null or f.campaign_id = campaign)
        ), bucketed as materialized (
            select m.lead_id, e.kind, e.at < starts_at as is_previous,
                case when e.at >= starts_at then date_trunc(bucket_width, e.at at time zone zone)::date end as starts_on, count(*) as events
            from member m
            cross join lateral unnest(m.kinds, m.times) e (kind, at)
            where e.kind > 0 and m.last_at >= previous_starts_at and e.at >= previous_starts_at and e.at < ends_at
            group by 1, 2, 3, 4
        ), created as materialized (
            select m.source, count(*) filter (where m.created_at < ends_at) as now,
                count(*) filter (where m.created_at < starts_at) as before,
                count(*) filter (where m.created_at >= starts_at and m.created_at < ends_at) as in_period,
                count(*) filter (where m.created_at >= previous_starts_at and m.created_at < starts_at) as in_previous
            from member m
            group by m.source
        )
        select kinds[b.kind], b.is_previous, b.starts_on, null::text, sum(b.events)::bigint, count(*)
        from bucketed b
        where not b.is_previous
        group by b.kind, b.is_previous, b.starts_on
        union all
        select kinds[t.kind], t.is_previous, null, null, sum(t.events)::bigint, count(*)
        from (
            select b.lead_id, b.kind, b.is_previous, sum(b.events) as events
            from bucketed b
            group by b.lead_id, b.kind, b.is_previous
        ) t
        group by t.kind, t.is_previous
        union all
        select 'leads', p.is_previous, null, null, p.leads, p.leads
        from (select coalesce(sum(c.now), 0)::bigint as now, coalesce(sum(c.before), 0)::bigint as before from created c) t
        cross join lateral (values (false, t.now), (true, t.before)) as p (is_previous, leads)
        union all
        select 'source', p.is_previous, null, c.source, p.leads, p.leads
        from created c
        cross join lateral (values (false, c.in_period), (true, c.in_previous)) as p (is_previous, leads)
        where p.leads > 0;
end
$$;

revoke all on function app.analytics_counts(
    uuid, uuid, uuid, uuid, text, text, timestamp, timestamp, timestamptz, timestamptz, timestamp, timestamptz, boolean) from public;
grant execute on function app.analytics_counts(
    uuid, uuid, uuid, uuid, text, text, timestamp, timestamp, timestamptz, timestamptz, timestamp, timestamptz, boolean)
    to salesbrain_tenant, salesbrain_platform;
