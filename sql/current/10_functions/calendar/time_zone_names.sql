-- The IANA names of time zones. This server also takes names from elsewhere, such as posix/UTC and localtime.
create or replace function app.time_zone_names() returns setof text
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select z.name
    from pg_timezone_names z
    where z.name !~ '^(posix|right)/' and z.name not in ('localtime', 'posixrules', 'Factory')
$$;
