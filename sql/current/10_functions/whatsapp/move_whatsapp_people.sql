-- Moves the conversations of people whose number has changed to the new number, and notes the new number with their contacts. If the person
-- has already begun a conversation with the new number, both stay.
create or replace function app.move_whatsapp_people(events app.whatsapp_event[], targets app.whatsapp_target[], applied_at timestamptz) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into app.contact_external_id (organization_id, source, external_id, contact_id, created_at)
    select distinct on (e.organization_id, e.new_peer_id) e.organization_id, 'whatsapp', e.new_peer_id,
        coalesce(e.contact_id, x.contact_id), applied_at
    from unnest(events, targets) as e
    left join app.contact_external_id x on x.organization_id = e.organization_id and x.source = 'whatsapp' and x.external_id = e.peer_id
    where e.kind = 'number_changed' and coalesce(e.contact_id, x.contact_id) is not null
    order by e.organization_id, e.new_peer_id, e.occurred_at
    on conflict (organization_id, source, external_id) do nothing;

    update app.conversation c set peer_id = e.new_peer_id, updated_at = applied_at
    from unnest(events, targets) as e
    where e.kind = 'number_changed' and c.organization_id = e.organization_id and c.id = e.conversation_id and not exists (
        select from app.conversation o
        where o.organization_id = e.organization_id and o.channel = 'whatsapp' and o.peer_id = e.new_peer_id and o.status <> 'closed');
end
$$;

revoke all on function app.move_whatsapp_people(app.whatsapp_event[], app.whatsapp_target[], timestamptz) from public;
grant execute on function app.move_whatsapp_people(app.whatsapp_event[], app.whatsapp_target[], timestamptz) to salesbrain_platform;
