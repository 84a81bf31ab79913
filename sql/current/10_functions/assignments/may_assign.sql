-- Whether this session may assign contacts of an organization: inside a tenant session only its own, and only a role that changes all of it.
-- For definer functions, which row-level security doesn't hold.
create or replace function app.may_assign(organization uuid) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return pg_has_role(session_user, 'salesbrain_platform', 'usage')
        or (pg_has_role(session_user, 'salesbrain_tenant', 'usage') and app.runs_organization()
            and coalesce(organization = app.current_org_id(), false));
end
$$;
