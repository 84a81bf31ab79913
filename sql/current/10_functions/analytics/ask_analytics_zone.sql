-- Notes that a report was computed in a time zone, so that app.fold_analytics makes and keeps daily rows of it. An organization has at most
-- four zones beside its own: each costs as many rows, and as much work with every change, as its own. Reports in others are counted from
-- the leads.
create or replace function app.ask_analytics_zone(organization uuid, zone text) returns void
language sql security definer
set search_path = pg_catalog, pg_temp
as $$
    insert into app.analytics_zone as z (organization_id, timezone, asked_at)
    select organization, zone, now()
    where exists (select from app.analytics_zone a where a.organization_id = organization and a.timezone = zone)
        or (select count(*) from app.analytics_zone a join app.organization o on o.id = a.organization_id
            where a.organization_id = organization and a.timezone <> o.timezone) < 4
    on conflict (organization_id, timezone) do update set asked_at = excluded.asked_at where z.asked_at < now() - interval '1 day'
$$;

revoke all on function app.ask_analytics_zone(uuid, text) from public;
grant execute on function app.ask_analytics_zone(uuid, text) to salesbrain_platform;
