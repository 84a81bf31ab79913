-- Tells a user's browsers of new notifications, and of further events in one (channel new_notification). Reading a notification tells
-- nothing.
create or replace function app.tell_notifications() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    told_at timestamptz := clock_timestamp();
    told app.notification[];
begin
    -- Each transition table exists only for some events.
    if tg_op = 'INSERT' then
        told := array(select n from changed n);
    else
        told := array(
            select n from changed n
            join old_notifications o on o.organization_id = n.organization_id and o.id = n.id
            where n.count > o.count);
    end if;
    if cardinality(told) = 0 then
        return null;
    end if;
    if app.notifies() then
        perform pg_notify('new_notification',
            jsonb_build_object('organization_id', n.organization_id, 'user_id', n.user_id, 'notification_id', n.id)::text)
        from unnest(told) n;
    end if;
    if app.can_tell(told_at) then
        insert into app.live_event (organization_id, user_id, audience, channel, kind, entity, entity_id, data, at)
        select n.organization_id, n.user_id, 'person', 'new_notification', case tg_op when 'INSERT' then 'created' else 'updated' end,
            'notification', n.id,
            jsonb_build_object('type', n.type, 'count', n.count, 'link_entity', n.link_entity, 'link_id', n.link_id), told_at
        from unnest(told) n;
    end if;
    return null;
end
$$;

revoke all on function app.tell_notifications() from public;

create or replace trigger tell_notifications_insert after insert on app.notification
    referencing new table as changed for each statement execute function app.tell_notifications();
create or replace trigger tell_notifications_update after update on app.notification
    referencing old table as old_notifications new table as changed for each statement execute function app.tell_notifications();
