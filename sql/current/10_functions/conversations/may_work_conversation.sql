-- Whether this session sees a conversation of an organization that a user (null = nobody) has: as the policies of app.conversation say. For
-- definer functions, to which row-level security does not apply.
create or replace function app.may_work_conversation(organization uuid, assignee uuid) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return pg_has_role(session_user, 'salesbrain_platform', 'usage')
        or (pg_has_role(session_user, 'salesbrain_tenant', 'usage') and coalesce(organization = app.current_org_id(), false)
            and (app.is_role('owner', 'admin', 'agent_supervisor')
                or (app.is_role('agent') and (assignee is null or assignee = app.current_user_id()))));
end
$$;
