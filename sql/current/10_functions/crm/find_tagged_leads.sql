-- The ids of an organization's live leads (null = of every organization's) that have all of some tags, in no order.
-- Of an agency's or a client's people only their own. A definer function because comparing arrays is not leakproof: under row-level
-- security it never uses an index.
create or replace function app.find_tagged_leads(organization uuid, tags text[], most integer)
returns table (id uuid)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    scope text := app.lead_search_scope(organization);
begin
    if scope is not null then
        -- Planned for each set of tags, because rare and common tags need different plans.
        return query execute format($sql$
            select l.id
            from app.lead l
            where ($1 is null or l.organization_id = $1) and l.tags @> $2 and l.tags <> '{}' and l.deleted_at is null
                and %s
            limit $3
            $sql$, scope) using organization, tags, most;
    end if;
end
$$;

revoke all on function app.find_tagged_leads(uuid, text[], integer) from public;
grant execute on function app.find_tagged_leads(uuid, text[], integer) to salesbrain_tenant, salesbrain_platform;
