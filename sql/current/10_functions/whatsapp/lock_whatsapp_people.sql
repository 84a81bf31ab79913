-- Locks the people of events as app.ensure_conversations does, in its order, and with them the new ids of people whose number has changed.
create or replace function app.lock_whatsapp_people(events app.whatsapp_event[]) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.share_people(array(select e.organization_id from unnest(events) as e where e.kind in ('message', 'number_changed')));
    perform pg_advisory_xact_lock(l.key)
    from (
        select distinct hashtextextended('app.conversation ' || e.organization_id || ' ' || p.peer_id, 0) as key
        from unnest(events) as e
        cross join lateral (values (e.peer_id), (e.new_peer_id)) as p (peer_id)
        where e.kind in ('message', 'number_changed') and p.peer_id is not null
        order by 1
    ) l;
end
$$;

revoke all on function app.lock_whatsapp_people(app.whatsapp_event[]) from public;
grant execute on function app.lock_whatsapp_people(app.whatsapp_event[]) to salesbrain_platform;
