-- Every statement that changes logs increments the version of their organizations, from which the log list's ETag is derived.
create or replace function app.raise_webhook_log_version() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into app.webhook_log_version as v (organization_id, shard, version)
    select distinct c.organization_id, (pg_backend_pid() % 16)::smallint, 1
    from changed c
    order by 1
    on conflict (organization_id, shard) do update set version = v.version + 1;
    return null;
end
$$;

revoke all on function app.raise_webhook_log_version() from public;

create or replace trigger webhook_log_version_insert after insert on app.webhook_log
    referencing new table as changed for each statement execute function app.raise_webhook_log_version();
create or replace trigger webhook_log_version_update after update on app.webhook_log
    referencing new table as changed for each statement execute function app.raise_webhook_log_version();
create or replace trigger webhook_log_version_delete after delete on app.webhook_log
    referencing old table as changed for each statement execute function app.raise_webhook_log_version();
