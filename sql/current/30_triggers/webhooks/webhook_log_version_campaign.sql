-- The log list shows the current name of each campaign, so a new name changes the list.
create or replace function app.raise_webhook_log_version_of_campaign() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into app.webhook_log_version as v (organization_id, shard, version)
    values (new.organization_id, (pg_backend_pid() % 16)::smallint, 1)
    on conflict (organization_id, shard) do update set version = v.version + 1;
    return null;
end
$$;

revoke all on function app.raise_webhook_log_version_of_campaign() from public;

create or replace trigger webhook_log_version_name after update of name on app.campaign
    for each row when (old.name is distinct from new.name) execute function app.raise_webhook_log_version_of_campaign();
