-- Whether somebody with these working hours works at a time; see app.assignment_member. Fails when the time zone is not known.
create or replace function app.works_at(time_zone text, from_minute integer, to_minute integer, weekdays smallint[], at timestamptz)
returns boolean
language sql stable parallel safe
return time_zone is null or (
    select case
        when from_minute < to_minute then l.minute >= from_minute and l.minute < to_minute and l.weekday = any (weekdays)
        -- Over midnight: what is left of yesterday's range belongs to yesterday.
        else (l.minute >= from_minute and l.weekday = any (weekdays)) or (l.minute < to_minute and (l.weekday + 5) % 7 + 1 = any (weekdays)) end
    from (
        select extract(isodow from at at time zone time_zone)::integer as weekday,
            (extract(hour from at at time zone time_zone) * 60 + extract(minute from at at time zone time_zone))::integer as minute
    ) l);
