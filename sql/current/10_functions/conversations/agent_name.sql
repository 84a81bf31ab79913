-- The name of a user who has a conversation, for those who work with conversations: agents and supervisors do not see other users' rows.
create or replace function app.agent_name(organization uuid, agent uuid) returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not (pg_has_role(session_user, 'salesbrain_platform', 'usage')
        or (pg_has_role(session_user, 'salesbrain_tenant', 'usage') and organization = app.current_org_id()
            and app.is_role('owner', 'admin', 'agent_supervisor', 'agent'))) then
        return null;
    end if;
    return (
        select coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email)
        from app.user u
        where u.organization_id = organization and u.id = agent);
end
$$;

revoke all on function app.agent_name(uuid, uuid) from public;
grant execute on function app.agent_name(uuid, uuid) to salesbrain_tenant, salesbrain_platform;
