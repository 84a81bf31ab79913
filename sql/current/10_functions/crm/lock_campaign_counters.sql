-- Locks the counters of campaigns that this session will change (its own shard), in the order in which the trigger on app.lead does. Call
-- it before several statements that change leads, after their leads are locked: each statement locks the counters of its own campaigns, and
-- in another order than a session with the same shard it could deadlock.
create or replace function app.lock_campaign_counters(organizations uuid[], campaigns uuid[]) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into app.campaign_counter (organization_id, campaign_id, shard)
    select distinct c.organization_id, c.campaign_id, (pg_backend_pid() % 16)::smallint
    from unnest(organizations, campaigns) as c (organization_id, campaign_id)
    where c.campaign_id is not null
    order by 1, 2
    on conflict (organization_id, campaign_id, shard) do nothing;

    perform from app.campaign_counter c
    where c.campaign_id = any (campaigns) and c.organization_id = any (organizations) and c.shard = (pg_backend_pid() % 16)::smallint
    order by c.organization_id, c.campaign_id
    for no key update;
end
$$;

revoke all on function app.lock_campaign_counters(uuid[], uuid[]) from public;
grant execute on function app.lock_campaign_counters(uuid[], uuid[]) to salesbrain_platform;
