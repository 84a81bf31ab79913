-- A condition for the leads l of an organization (null = of every organization) that this session can search; null = none. For definer
-- functions, to which row-level security does not apply. Same rules as app.may_search and the policy select_scope of app.lead.
create or replace function app.lead_search_scope(organization uuid) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return case
        when app.may_search(organization) then 'true'
        when not pg_has_role(session_user, 'salesbrain_tenant', 'usage') or organization is distinct from app.current_org_id() or organization is null then null
        when app.current_agency_id() is not null then 'l.agency_id = app.current_agency_id()'
        when app.current_client_id() is not null then 'l.client_id = app.current_client_id()'
    end;
end
$$;
