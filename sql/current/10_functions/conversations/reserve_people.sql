-- Reserves all people of the organizations until the transaction ends: nobody else begins or moves a conversation with one of them
-- (app.share_people). For an import, which would need a lock for each person otherwise, and the server has room for some thousands only.
-- Before any other lock on people, contacts or conversations.
create or replace function app.reserve_people(organizations uuid[]) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_advisory_xact_lock(l.key)
    from (
        select distinct hashtextextended('app.people ' || o.id, 0) as key
        from unnest(organizations) as o (id)
        order by 1
    ) l;
end
$$;

revoke all on function app.reserve_people(uuid[]) from public;
grant execute on function app.reserve_people(uuid[]) to salesbrain_platform;
