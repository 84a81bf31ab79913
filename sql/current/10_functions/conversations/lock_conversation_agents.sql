-- Takes the turns of an organization and locks its agents who are present, until the transaction ends. Call it before locking conversations:
-- whoever disables an agent locks the agent first, and then the agent's conversations.
create or replace function app.lock_conversation_agents(organization uuid, at timestamptz) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select from app.organization o
        where o.id = organization and o.status = 'active' and o.settings #>> '{conversations,assign}' = 'round_robin') then
        return;
    end if;
    perform pg_advisory_xact_lock(hashtextextended('app.conversation_turns ' || organization, 0));
    perform from app.user u
    where u.organization_id = organization and u.status = 'active' and u.role = 'agent' and exists (
        select from app.agent_presence p where p.organization_id = organization and p.user_id = u.id and p.present_until > at)
    order by u.id
    for share;
end
$$;

revoke all on function app.lock_conversation_agents(uuid, timestamptz) from public;
grant execute on function app.lock_conversation_agents(uuid, timestamptz) to salesbrain_platform;
