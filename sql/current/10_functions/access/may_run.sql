-- Whether this session can change everything of an organization. A tenant session can do so only in its own organization, with a role that
-- changes all of it. For definer functions, to which row-level security does not apply.
create or replace function app.may_run(organization uuid) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return pg_has_role(session_user, 'salesbrain_platform', 'usage')
        or (pg_has_role(session_user, 'salesbrain_tenant', 'usage') and app.runs_organization()
            and coalesce(organization = app.current_org_id(), false));
end
$$;
