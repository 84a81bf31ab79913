-- Drops one monthly partition. The caller has checked that nothing in it must be kept; unfinished logs are checked again under the lock.
-- Returns false if the partition does not exist or is still needed. Fails after two seconds instead of queueing traffic behind its lock.
create or replace function app.drop_month_partition(parent text, month timestamptz)
returns boolean
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set lock_timeout = '2s'
as $$
declare
    unfinished boolean;
    partition regclass;
begin
    -- Of several instances one drops at a time; the others see then that the partition is gone.
    perform pg_advisory_xact_lock(hashtext('app.drop_month_partition'));
    partition := to_regclass(format('app.%I', parent || to_char(date_trunc('month', month), '_YYYY_MM')));
    if partition is null or not exists (
        select from pg_inherits i
        where i.inhrelid = partition and i.inhparent = to_regclass(format('app.%I', parent)))
    then
        return false;
    end if;
    -- The parent first, which dropping locks as well: everybody locks it before its partitions, and the other order could deadlock. Not for
    -- webhook logs: subtracting a month from the tallies takes a while, and nobody could store events meanwhile.
    if parent <> 'webhook_log' then
        execute format('lock table only app.%I in access exclusive mode', parent);
    end if;
    execute format('lock table %s in access exclusive mode', partition);
    if parent = 'webhook_log' then
        execute format('select exists (select from %s where status in (''pending'', ''failed''))', partition) into unfinished;
        if unfinished then
            return false;
        end if;
        perform app.untally_webhook_logs(month);
    end if;
    execute format('drop table %s', partition);
    return true;
end
$$;

revoke all on function app.drop_month_partition(text, timestamptz) from public;
grant execute on function app.drop_month_partition(text, timestamptz) to salesbrain_platform;
