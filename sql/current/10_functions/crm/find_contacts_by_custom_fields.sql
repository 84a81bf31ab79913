-- The ids of an organization's contacts (null = of every organization's) whose custom fields match (app.custom_fields_condition), in no
-- order. Of an agency's or a client's people only their own. A definer function because comparing JSON is not leakproof: under row-level
-- security it never uses an index. app.find_leads_by_custom_fields is the same for leads, which have another scope and can be deleted.
create or replace function app.find_contacts_by_custom_fields(organization uuid, filters jsonb, most integer)
returns table (id uuid)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    scope text := app.contact_search_scope(organization);
begin
    if scope is null then
        return;
    end if;
    -- Planned for each filter, because rare and common values need different plans.
    return query execute format($sql$
        select k.id
        from app.contact k
        where ($1 is null or k.organization_id = $1) and k.custom_fields <> '{}'
            and %s
            and %s
        limit $2
        $sql$, app.custom_fields_condition(filters), scope) using organization, most;
end
$$;

revoke all on function app.find_contacts_by_custom_fields(uuid, jsonb, integer) from public;
grant execute on function app.find_contacts_by_custom_fields(uuid, jsonb, integer) to salesbrain_tenant, salesbrain_platform;
