-- Creates a partition of a table for the times from `first` (inclusive) to `next` (exclusive), with row-level security like every table. It
-- is created separately and then attached: ATTACH takes a weaker lock on the parent than CREATE … PARTITION OF, so that reads and writes
-- continue.
create or replace function app.add_partition(parent text, partition_name text, first timestamptz, next timestamptz) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
begin
    execute format('create table app.%I (like app.%I including defaults including constraints)', partition_name, parent);
    execute format('alter table app.%I enable row level security', partition_name);
    execute format('alter table app.%I force row level security', partition_name);
    execute format('create policy owner_all on app.%I to current_user using (true) with check (true)', partition_name);
    execute format('alter table app.%I attach partition app.%I for values from (%L) to (%L)', parent, partition_name, first, next);
end
$$;

revoke all on function app.add_partition(text, text, timestamptz, timestamptz) from public;
