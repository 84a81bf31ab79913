-- Whether this session can search the rows of an organization (null = of all). A tenant session can search only its own organization, with
-- a role that reads all of it. For definer functions, to which row-level security does not apply.
create or replace function app.may_search(organization uuid) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return pg_has_role(session_user, 'salesbrain_platform', 'usage')
        or (pg_has_role(session_user, 'salesbrain_tenant', 'usage') and app.reads_organization() and organization = app.current_org_id());
end
$$;
