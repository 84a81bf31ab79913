-- The ids of an organization's rows (null = of every organization's) of a kind whose search_text is like a pattern, in no order. A definer
-- function because LIKE is not leakproof: under row-level security it never uses an index.
create or replace function app.search_rows(subject text, organization uuid, pattern text, most integer)
returns table (id uuid)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if subject not in ('organization', 'agency', 'client', 'user', 'campaign', 'data_source') then
        raise exception 'there is no search in %', subject;
    end if;
    if app.may_search(organization) then
        -- Planned for each pattern, because rare and common patterns need different plans.
        return query execute format($sql$
            select t.id
            from app.%I t
            where ($1 is null or t.%I = $1) and t.search_text like app.search_text($2)
            limit $3
            $sql$, subject, case subject when 'organization' then 'id' else 'organization_id' end) using organization, pattern, most;
    end if;
end
$$;

revoke all on function app.search_rows(text, uuid, text, integer) from public;
grant execute on function app.search_rows(text, uuid, text, integer) to salesbrain_tenant, salesbrain_platform;
