-- Locks the conversations that events change, by id: those that messages belong to or whose number changes, and those to which a status says
-- whether anything can be delivered. Call it before messages are locked.
create or replace function app.lock_whatsapp_conversations(events app.whatsapp_event[], targets app.whatsapp_target[]) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    perform from app.conversation c
    where (c.organization_id, c.id) in (
        select e.organization_id, e.conversation_id from unnest(events, targets) as e where e.is_new and e.conversation_id is not null
        union
        select e.organization_id, e.conversation_id
        from unnest(events, targets) as e
        join app.conversation o on o.organization_id = e.organization_id and o.id = e.conversation_id
        where e.kind = 'status' and e.message_id is not null
            and (e.is_undeliverable or (e.status in ('delivered', 'read') and o.undeliverable_at is not null)))
    order by c.id
    for no key update;
end
$$;

revoke all on function app.lock_whatsapp_conversations(app.whatsapp_event[], app.whatsapp_target[]) from public;
grant execute on function app.lock_whatsapp_conversations(app.whatsapp_event[], app.whatsapp_target[]) to salesbrain_platform;
