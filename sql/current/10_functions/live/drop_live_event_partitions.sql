-- Drops the partitions of app.live_event whose last event is older than three days and an hour, and returns their number. Cursors are
-- accepted for three days; the hour is for transactions that were open at midnight. Waits at most half a second for each lock, instead of
-- queueing the writers of events behind itself: what cannot be dropped now is dropped by a later run. One session at a time: others leave
-- it to the first.
create or replace function app.drop_live_event_partitions()
returns integer
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set lock_timeout = '500ms'
as $$
declare
    partition record;
    dropped integer := 0;
begin
    if not pg_try_advisory_xact_lock(hashtext('app.drop_live_event_partitions')) then
        return 0;
    end if;
    for partition in
        select i.inhrelid::regclass as name
        from pg_inherits i
        join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'app.live_event'::regclass
            and to_date(right(c.relname, 10), 'YYYY_MM_DD') + 1 <= now() - interval '3 days 1 hour'
        order by c.relname
    loop
        begin
            execute format('drop table %s', partition.name);
            dropped := dropped + 1;
        exception
            when lock_not_available then
                return dropped;
        end;
    end loop;
    return dropped;
end
$$;

revoke all on function app.drop_live_event_partitions() from public;
grant execute on function app.drop_live_event_partitions() to salesbrain_platform;
