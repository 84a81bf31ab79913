-- Waits while a session has reserved the people of one of the organizations (app.reserve_people), and keeps others from doing so until the
-- transaction ends. Before people are locked one by one.
create or replace function app.share_people(organizations uuid[]) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_advisory_xact_lock_shared(l.key)
    from (
        select distinct hashtextextended('app.people ' || o.id, 0) as key
        from unnest(organizations) as o (id)
        order by 1
    ) l;
end
$$;

revoke all on function app.share_people(uuid[]) from public;
grant execute on function app.share_people(uuid[]) to salesbrain_platform;
