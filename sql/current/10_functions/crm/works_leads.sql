-- Whether this session may work leads of an organization: the roles with the capability work_leads, in their own organization. For definer
-- functions, to which row-level security does not apply.
create or replace function app.works_leads(organization uuid) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return pg_has_role(session_user, 'salesbrain_platform', 'usage')
        or (pg_has_role(session_user, 'salesbrain_tenant', 'usage')
            and app.is_role('owner', 'admin', 'member', 'agency_admin', 'agency_staff', 'client_admin', 'client_staff')
            and coalesce(organization = app.current_org_id(), false));
end
$$;
