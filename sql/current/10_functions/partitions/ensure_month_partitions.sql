-- Creates the missing partitions of every table partitioned by month, for `months` months from the month of `first`, and returns their
-- number. The referenced tables (organization, campaign, contact, lead …) are locked against writes until the transaction ends: briefly,
-- once a month. Fails after two seconds instead of queueing traffic behind a lock wait.
create or replace function app.ensure_month_partitions(first timestamptz, months integer)
returns integer
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set lock_timeout = '2s'
as $$
declare
    parent record;
    month timestamptz;
    partition_name text;
    made integer := 0;
begin
    if months not between 1 and 24 then
        raise exception 'months must be between 1 and 24' using errcode = '22023';
    end if;
    -- If two instances run at once, the second waits and then finds all partitions.
    perform pg_advisory_xact_lock(hashtext('app.ensure_month_partitions'));
    for parent in
        select c.relname from pg_class c
        where c.relnamespace = 'app'::regnamespace and c.relkind = 'p'
            -- Partitioned by day.
            and c.relname <> 'live_event'
        order by c.relname
    loop
        for month in
            select generate_series(date_trunc('month', first), date_trunc('month', first) + make_interval(months => months - 1), interval '1 month')
        loop
            partition_name := parent.relname || to_char(month, '_YYYY_MM');
            if to_regclass('app.' || partition_name) is not null then
                continue;
            end if;
            perform app.add_partition(parent.relname, partition_name, month, month + interval '1 month');
            made := made + 1;
        end loop;
    end loop;
    return made;
end
$$;

revoke all on function app.ensure_month_partitions(timestamptz, integer) from public;
grant execute on function app.ensure_month_partitions(timestamptz, integer) to salesbrain_platform;
