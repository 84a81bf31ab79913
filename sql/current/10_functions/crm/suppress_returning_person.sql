-- Suppresses a contact that the caller has just given an address, as the person with that address was when their data was erased, unless it
-- is suppressed as strictly. `hashes` are those of the address, one of each key. Returns what changed; no row if nothing did. Call it after
-- the address is written: the write waits for an erasure of the same address, and this sees it.
-- A definer function, because people of an agency or a client do not see a contact before it has a lead, and nobody sees what is kept of
-- the erased.
create or replace function app.suppress_returning_person(organization uuid, contact uuid, hashes bytea[])
returns table (suppression text, suppressed_at timestamptz, version bigint)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    if not app.works_leads(organization) then
        raise insufficient_privilege using message = 'this session may not change contacts of this organization';
    end if;
    return query
    update app.contact k set suppression = x.suppression, suppressed_at = coalesce(x.suppressed_at, k.updated_at)
    from (
        select x.suppression, x.suppressed_at
        from app.erased_contact x
        where x.organization_id = organization and x.hash = any (hashes)
        order by app.suppression_rank(x.suppression) desc
        limit 1
    ) x
    where k.organization_id = organization and k.id = contact
        and app.suppression_rank(x.suppression) > app.suppression_rank(k.suppression)
    returning k.suppression, k.suppressed_at, k.version;
end
$$;

revoke all on function app.suppress_returning_person(uuid, uuid, bytea[]) from public;
grant execute on function app.suppress_returning_person(uuid, uuid, bytea[]) to salesbrain_tenant, salesbrain_platform;
