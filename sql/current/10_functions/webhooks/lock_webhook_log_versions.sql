-- Locks the versions of organizations' log lists that this session will raise (its own shard), in the order in which the trigger on
-- app.webhook_log does. Call it before several statements that change logs: each locks the versions of its own organizations, and in
-- another order than a session with the same shard it could deadlock. A definer function, because no login can write versions.
create or replace function app.lock_webhook_log_versions(organizations uuid[]) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into app.webhook_log_version (organization_id, shard, version)
    select distinct o.id, (pg_backend_pid() % 16)::smallint, 0 from unnest(organizations) as o (id)
    order by 1
    on conflict (organization_id, shard) do nothing;

    perform from app.webhook_log_version v
    where v.organization_id = any (organizations) and v.shard = (pg_backend_pid() % 16)::smallint
    order by v.organization_id
    for no key update;
end
$$;

revoke all on function app.lock_webhook_log_versions(uuid[]) from public;
grant execute on function app.lock_webhook_log_versions(uuid[]) to salesbrain_platform;
