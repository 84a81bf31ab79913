-- Tells streams of messages and their status (channel conversation_message), to those who see the conversation: ids, direction and status.
-- More than a hundred messages of one conversation in one statement are one event with their number. Deleted messages go with their
-- conversation.
create or replace function app.tell_messages() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    told_at timestamptz := clock_timestamp();
    change constant text := case tg_op when 'INSERT' then 'created' else 'updated' end;
begin
    if not app.can_tell(told_at) then
        return null;
    end if;
    insert into app.live_event (organization_id, user_id, audience, channel, kind, entity, entity_id, data, at)
    select m.organization_id, c.assigned_to, 'conversation', 'conversation_message', change, 'message', m.id,
        jsonb_build_object('conversation_id', m.conversation_id, 'direction', m.direction, 'status', m.status), told_at
    from (
        select n.*, count(*) over (partition by n.organization_id, n.conversation_id) as messages from changed n
    ) m
    join app.conversation c on c.organization_id = m.organization_id and c.id = m.conversation_id
    where m.messages <= 100
    order by m.occurred_at, m.id;
    insert into app.live_event (organization_id, user_id, audience, channel, kind, entity, data, at)
    select m.organization_id, c.assigned_to, 'conversation', 'conversation_message', change, 'message',
        jsonb_build_object('conversation_id', m.conversation_id, 'messages', m.messages), told_at
    from (
        select n.organization_id, n.conversation_id, count(*) as messages from changed n group by n.organization_id, n.conversation_id
    ) m
    join app.conversation c on c.organization_id = m.organization_id and c.id = m.conversation_id
    where m.messages > 100;
    return null;
end
$$;

revoke all on function app.tell_messages() from public;

create or replace trigger tell_messages_insert after insert on app.message
    referencing new table as changed for each statement execute function app.tell_messages();
create or replace trigger tell_messages_update after update on app.message
    referencing new table as changed for each statement execute function app.tell_messages();
