-- Notes that agents are there until a time. Keeps a later one, and writes nothing while the time moves by less than half a minute, so that
-- a stream costs two writes a minute. Users who are not agents are left out.
create or replace function app.keep_agents_present(users uuid[], until timestamptz) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into app.agent_presence as p (organization_id, user_id, present_until)
    select u.organization_id, u.id, until
    from app.user u
    where u.id = any (users) and u.role = 'agent' and u.status = 'active'
    order by u.organization_id, u.id
    on conflict (organization_id, user_id) do update set present_until = excluded.present_until
    where p.present_until < excluded.present_until - interval '30 seconds';
end
$$;

revoke all on function app.keep_agents_present(uuid[], timestamptz) from public;
grant execute on function app.keep_agents_present(uuid[], timestamptz) to salesbrain_platform;
