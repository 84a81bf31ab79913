-- The numbers of a period and of the period before it, for the leads of an organization, an agency, a client or a campaign (null = all of them):
--   a kind of app.analytics_kinds   events and distinct leads of the period, and by bucket (starts_on)
--   leads                           leads that existed at the end of the period
--   source                          leads created in the period, by source (label)
-- Only leads that are not deleted count, and an activity counts where its lead is. Periods of whole days in the organization's own time zone are read
-- from daily rows. Others (another time zone, or bounds with a time) are counted from the activities.
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
begin
    if whole_days and exists (
        select from app.organization o
        join app.analytics_organization z on z.organization_id = o.id and z.timezone = o.timezone
        where o.id = organization and o.timezone = zone)
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
                select coalesce(sum(r.leads), 0)::bigint as now, coalesce(sum(r.leads) filter (where r.day < first_day), 0)::bigint as before
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

    return query
        with member as materialized (
            select l.id, l.created_at, coalesce(l.source, '') as source
            from app.lead l
            where l.organization_id = organization and l.deleted_at is null and (agency is null or l.agency_id = agency)
                and (client is null or l.client_id = client) and (campaign is null or l.campaign_id = campaign)
        ), fact as (
            select coalesce(array_position(kinds, a.activity_type), 4)::smallint as kind, a.lead_id, a.occurred_at as at
            from member m
            join app.activity a on a.organization_id = organization and a.lead_id = m.id and a.occurred_at >= previous_starts_at and a.occurred_at < ends_at
            union all
            select array_position(kinds, s.status)::smallint, s.lead_id, s.at
            from member m
            join app.lead_status_change s on s.organization_id = organization and s.lead_id = m.id
            where s.status in ('qualified', 'converted') and s.at >= previous_starts_at and s.at < ends_at
            union all
            select 1::smallint, m.id, m.created_at
            from member m
            where m.created_at >= previous_starts_at and m.created_at < ends_at
        ), placed as (
            select f.kind, f.lead_id, f.at < starts_at as is_previous,
                case when f.at >= starts_at then date_trunc(bucket_width, f.at at time zone zone)::date end as starts_on
            from fact f
        )
        select kinds[p.kind], p.is_previous, p.starts_on, null::text, count(*), count(distinct p.lead_id)
        from placed p
        group by grouping sets ((p.kind, p.is_previous), (p.kind, p.is_previous, p.starts_on))
        having grouping(p.starts_on) = 1 or p.starts_on is not null
        union all
        select 'leads', w.is_previous, null, null, count(m.id), count(m.id)
        from (values (false, ends_at), (true, starts_at)) as w (is_previous, until)
        left join member m on m.created_at < w.until
        group by w.is_previous
        union all
        select 'source', m.created_at < starts_at, null, m.source, count(*), count(*)
        from member m
        where m.created_at >= previous_starts_at and m.created_at < ends_at
        group by 2, m.source;
end
$$;

revoke all on function app.analytics_counts(
    uuid, uuid, uuid, uuid, text, text, timestamp, timestamp, timestamptz, timestamptz, timestamp, timestamptz, boolean) from public;
grant execute on function app.analytics_counts(
    uuid, uuid, uuid, uuid, text, text, timestamp, timestamp, timestamptz, timestamptz, timestamp, timestamptz, boolean)
    to salesbrain_tenant, salesbrain_platform;
