-- Whether a user with these working hours works at a time; see app.assignment_member. Fails if the time zone is unknown.
create or replace function app.works_at(time_zone text, from_minute integer, to_minute integer, weekdays smallint[], at timestamptz)
returns boolean
language sql stable parallel safe
return time_zone is null or (
    select case
        when from_minute < to_minute then l.minute >= from_minute and l.minute < to_minute and l.weekday = any (weekdays)
        -- Past midnight: the rest of yesterday's range counts as yesterday.
        else (l.minute >= from_minute and l.weekday = any (weekdays)) or (l.minute < to_minute and (l.weekday + 5) % 7 + 1 = any (weekdays)) end
    from (
        select extract(isodow from at at time zone time_zone)::integer as weekday,
            (extract(hour from at at time zone time_zone) * 60 + extract(minute from at at time zone time_zone))::integer as minute
    ) l);
