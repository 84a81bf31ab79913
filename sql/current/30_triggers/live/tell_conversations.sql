-- Tells streams of conversations (channel conversation_change): ids, status and counters. Whoever had a conversation learns that it moved.
create or replace function app.tell_conversations() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    told_at timestamptz := clock_timestamp();
begin
    if not app.can_tell(told_at) then
        return null;
    end if;
    if tg_op = 'UPDATE' then
        -- Each transition table exists only for some events. Without a former user, all agents saw it, and learn that it is somebody's now.
        insert into app.live_event (organization_id, user_id, audience, channel, kind, entity, entity_id, at)
        select o.organization_id, o.assigned_to, 'conversation', 'conversation_change', 'moved', 'conversation', o.id, told_at
        from old_conversations o
        join changed c on c.organization_id = o.organization_id and c.id = o.id
        where o.assigned_to is distinct from c.assigned_to;
    end if;
    insert into app.live_event (organization_id, user_id, audience, channel, kind, entity, entity_id, data, at)
    select c.organization_id, c.assigned_to, 'conversation', 'conversation_change',
        case tg_op when 'INSERT' then 'created' when 'UPDATE' then 'updated' else 'deleted' end, 'conversation', c.id,
        jsonb_build_object('status', c.status, 'assigned_to', c.assigned_to, 'unread_count', c.unread_count), told_at
    from changed c;
    return null;
end
$$;

revoke all on function app.tell_conversations() from public;

create or replace trigger tell_conversations_insert after insert on app.conversation
    referencing new table as changed for each statement execute function app.tell_conversations();
create or replace trigger tell_conversations_update after update on app.conversation
    referencing old table as old_conversations new table as changed for each statement execute function app.tell_conversations();
create or replace trigger tell_conversations_delete after delete on app.conversation
    referencing old table as changed for each statement execute function app.tell_conversations();
