-- The local days of a lead's events (app.analytics_lead) in a time zone: how many events of a kind there were on the day, and the day with events
-- of the kind before it.
create or replace function app.analytics_lead_days(kinds smallint[], times timestamptz[], zone text)
returns table (kind smallint, day date, previous_day date, events bigint)
language sql stable parallel safe
as $$
    select d.kind, d.day, lag(d.day, 1, '-infinity') over (partition by d.kind order by d.day), d.events
    from (
        select e.kind, (e.at at time zone zone)::date as day, count(*) as events
        from unnest(kinds, times) e (kind, at)
        group by 1, 2
    ) d
$$;
