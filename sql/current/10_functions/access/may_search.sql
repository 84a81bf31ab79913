-- Whether this session may search the rows of an organization, null = of all: inside a tenant session only its own, and only a role
-- that reads all of it. For definer functions, which row-level security doesn't hold.
create or replace function app.may_search(organization uuid) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return pg_has_role(session_user, 'salesbrain_platform', 'usage')
        or (pg_has_role(session_user, 'salesbrain_tenant', 'usage') and app.reads_organization() and organization = app.current_org_id());
end
$$;
