-- The ids of an organization's contacts (null = of every organization's) whose name, e-mail address or company is like a pattern, in no
-- order. Of an agency's or a client's people only their own. A definer function because LIKE is not leakproof: under row-level security it
-- never uses an index.
create or replace function app.search_contacts(organization uuid, pattern text, most integer)
returns table (id uuid)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    scope text := app.contact_search_scope(organization);
begin
    if scope is not null then
        -- Planned for each pattern, because rare and common patterns need different plans.
        return query execute format($sql$
            select k.id
            from app.contact k
            where ($1 is null or k.organization_id = $1) and k.search_text like app.search_text($2) and %s
            limit $3
            $sql$, scope) using organization, pattern, most;
    end if;
end
$$;

revoke all on function app.search_contacts(uuid, text, integer) from public;
grant execute on function app.search_contacts(uuid, text, integer) to salesbrain_tenant, salesbrain_platform;
