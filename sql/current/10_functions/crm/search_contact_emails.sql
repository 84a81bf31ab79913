-- The normalised e-mail addresses of an organization's contacts (null = of every organization's) that are like a pattern, in no order; also
-- those that contacts have from others that were merged into them.
-- A definer function because LIKE is not leakproof: under row-level security it never uses an index.
create or replace function app.search_contact_emails(organization uuid, pattern text, most integer)
returns table (organization_id uuid, email_norm text)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if app.may_search(organization) then
        -- Planned for each pattern, because rare and common patterns need different plans.
        return query execute $sql$
            select k.organization_id, k.email_norm
            from app.contact k
            -- The address is part of what the index is on.
            where ($1 is null or k.organization_id = $1) and k.search_text like app.search_text($2) and app.search_text(k.email_norm) like app.search_text($2)
            union all
            select a.organization_id, a.email_norm
            from app.contact_former_email a
            where ($1 is null or a.organization_id = $1) and app.search_text(a.email_norm) like app.search_text($2)
            limit $3
            $sql$ using organization, pattern, most;
    end if;
end
$$;

revoke all on function app.search_contact_emails(uuid, text, integer) from public;
grant execute on function app.search_contact_emails(uuid, text, integer) to salesbrain_tenant, salesbrain_platform;
