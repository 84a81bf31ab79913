-- Whether this session can undo import jobs of an organization and agency (null: none). For definer functions, to which row-level security
-- does not apply.
create or replace function app.may_undo_import(organization uuid, agency uuid) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return app.may_run(organization)
        or (pg_has_role(session_user, 'salesbrain_tenant', 'usage') and app.is_role('agency_admin')
            and coalesce(organization = app.current_org_id() and agency = app.current_agency_id(), false));
end
$$;
