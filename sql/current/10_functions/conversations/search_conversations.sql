-- The ids of an organization's conversations (null = of every organization's) with people whose name or number is like a pattern, in no
-- order. Also those that the caller does not see: lists keep the caller's. A definer function because LIKE is not leakproof: under
-- row-level security it never uses an index.
create or replace function app.search_conversations(organization uuid, pattern text, most integer)
returns table (id uuid)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if pg_has_role(session_user, 'salesbrain_platform', 'usage')
        or (pg_has_role(session_user, 'salesbrain_tenant', 'usage') and app.is_role('owner', 'admin', 'agent_supervisor', 'agent')
            and organization = app.current_org_id()) then
        -- Planned for each pattern, because rare and common patterns need different plans.
        return query execute $sql$
            select t.id
            from app.conversation t
            where ($1 is null or t.organization_id = $1) and t.search_text like app.search_text($2)
            union
            select t.id
            from app.contact k
            join app.conversation t on t.organization_id = k.organization_id and t.contact_id = k.id
            where ($1 is null or k.organization_id = $1) and k.search_text like app.search_text($2)
            limit $3
            $sql$ using organization, pattern, most;
    end if;
end
$$;

revoke all on function app.search_conversations(uuid, text, integer) from public;
grant execute on function app.search_conversations(uuid, text, integer) to salesbrain_tenant, salesbrain_platform;
