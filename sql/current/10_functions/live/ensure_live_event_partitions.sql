-- Creates the missing partitions of app.live_event for `days` days from the day of `first` (UTC), and returns their number. As
-- app.ensure_month_partitions, but no other table is locked: live events have no foreign keys.
create or replace function app.ensure_live_event_partitions(first timestamptz, days integer)
returns integer
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set lock_timeout = '2s'
as $$
declare
    day timestamptz;
    partition_name text;
    made integer := 0;
begin
    if days not between 1 and 60 then
        raise exception 'days must be between 1 and 60' using errcode = '22023';
    end if;
    perform pg_advisory_xact_lock(hashtext('app.ensure_live_event_partitions'));
    for day in
        select generate_series(date_trunc('day', first), date_trunc('day', first) + make_interval(days => days - 1), interval '1 day')
    loop
        partition_name := app.live_event_partition(day);
        if to_regclass('app.' || partition_name) is not null then
            continue;
        end if;
        perform app.add_partition('live_event', partition_name, day, day + interval '1 day');
        made := made + 1;
    end loop;
    return made;
end
$$;

revoke all on function app.ensure_live_event_partitions(timestamptz, integer) from public;
grant execute on function app.ensure_live_event_partitions(timestamptz, integer) to salesbrain_platform;
