-- The ids of an organization's contacts (null = of every organization's) whose custom fields match, in no order. `filters` is an array with
-- an element for each field, which is an array of JSON objects: a contact matches that contains one of the objects of each element. Of an
-- agency's or a client's people only their own. A definer function because comparing JSON is not leakproof: under row-level security it
-- never uses an index.
create or replace function app.find_contacts_by_custom_fields(organization uuid, filters jsonb, most integer)
returns table (id uuid)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    scope text := app.contact_search_scope(organization);
    condition text;
begin
    if scope is null then
        return;
    end if;
    select string_agg('(' || f.alternatives || ')', ' and ') into condition
    from (
        select (select string_agg(format('k.custom_fields @> %L::jsonb', v.value), ' or ') from jsonb_array_elements(e.value) v) as alternatives
        from jsonb_array_elements(filters) e
    ) f;
    -- Planned for each filter, because rare and common values need different plans.
    return query execute format($sql$
        select k.id
        from app.contact k
        where ($1 is null or k.organization_id = $1) and k.custom_fields <> '{}'
            and %s
            and %s
        limit $2
        $sql$, condition, scope) using organization, most;
end
$$;

revoke all on function app.find_contacts_by_custom_fields(uuid, jsonb, integer) from public;
grant execute on function app.find_contacts_by_custom_fields(uuid, jsonb, integer) to salesbrain_tenant, salesbrain_platform;
