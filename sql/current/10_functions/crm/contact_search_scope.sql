-- A condition for the contacts k of an organization (null = of every organization) that this session can search; null = none. For definer
-- functions, to which row-level security does not apply. Same rules as app.may_search and the policy select_scope of app.contact.
create or replace function app.contact_search_scope(organization uuid) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    scope text := app.lead_search_scope(organization);
begin
    return case
        when scope = 'true' then scope
        when scope is not null then format(
            'exists (select from app.lead l where l.organization_id = k.organization_id and l.contact_id = k.id and l.deleted_at is null and %s)', scope)
    end;
end
$$;
