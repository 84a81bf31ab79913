-- The users to whom an organization's conversations can be assigned, for those who assign them: supervisors do not see other users' rows.
-- With the number of conversations that each has.
create or replace function app.conversation_assignees(organization uuid, at timestamptz)
returns table (id uuid, name text, role text, is_present boolean, assigned_count bigint)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    if not (pg_has_role(session_user, 'salesbrain_platform', 'usage')
        or (pg_has_role(session_user, 'salesbrain_tenant', 'usage') and organization = app.current_org_id()
            and app.is_role('owner', 'admin', 'agent_supervisor'))) then
        return;
    end if;
    return query
    select u.id, coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email), u.role, coalesce(p.present_until > at, false),
        (select count(*) from app.conversation c where c.organization_id = organization and c.assigned_to = u.id and c.status = 'assigned')
    from app.user u
    left join app.agent_presence p on p.organization_id = u.organization_id and p.user_id = u.id
    where u.organization_id = organization and u.status = 'active' and u.role in ('agent', 'agent_supervisor')
    order by 2, 1
    limit 1000;
end
$$;

revoke all on function app.conversation_assignees(uuid, timestamptz) from public;
grant execute on function app.conversation_assignees(uuid, timestamptz) to salesbrain_tenant, salesbrain_platform;
