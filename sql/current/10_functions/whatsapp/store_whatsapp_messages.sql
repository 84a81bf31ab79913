-- Stores inbound messages under the ids of their logs, and updates their conversations: the window for free text by the vendor's
-- timestamps, which never goes back; what was last written; what is unread. The caller has locked the conversations. Returns the targets
-- again, with is_new only for the messages that it has stored.
create or replace function app.store_whatsapp_messages(events app.whatsapp_event[], targets app.whatsapp_target[], applied_at timestamptz)
returns app.whatsapp_target[]
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    stored uuid[];
    marked app.whatsapp_target[];
begin
    with keyed as (
        insert into app.message_key (organization_id, key, conversation_id, message_id, message_created_at)
        select e.organization_id, 'wamid:' || e.wamid, e.conversation_id, e.log_id, e.log_created_at
        from unnest(events, targets) as e
        where e.is_new
        order by 1, 2
        on conflict (organization_id, key) do nothing
        returning message_id
    )
    insert into app.message (
        id, organization_id, conversation_id, direction, type, text, payload, wamid, status, reply_to_wamid, occurred_at, delivered_at,
        created_at, updated_at)
    select e.log_id, e.organization_id, e.conversation_id, 'inbound', e.type, e.text, coalesce(e.payload, '{}'), e.wamid, 'delivered',
        e.reply_to_wamid, e.occurred_at, e.occurred_at, e.log_created_at, applied_at
    from unnest(events, targets) as e
    where e.log_id in (select k.message_id from keyed k);

    -- A statement of its own, which sees what the one before has written.
    stored := array(
        select e.log_id
        from unnest(events, targets) as e
        join app.message_key k on k.organization_id = e.organization_id and k.key = 'wamid:' || e.wamid and k.message_id = e.log_id
        where e.is_new);
    marked := array(
        select row(e.conversation_id, e.contact_id, e.message_id, e.message_created_at, e.begins,
            e.log_id = any (stored), e.ignored)::app.whatsapp_target
        from unnest(events, targets) with ordinality as e
        order by e.ordinality);

    with news as (
        select e.organization_id, e.conversation_id,
            max(e.occurred_at) filter (where e.kind = 'message') as inbound_at,
            max(e.occurred_at) as last_at,
            (array_agg(e.preview order by e.occurred_at desc, e.log_id desc))[1] as preview,
            (array_agg(e.peer_name order by e.occurred_at desc, e.log_id desc) filter (where e.peer_name is not null))[1] as peer_name,
            count(*) filter (where e.is_news) as unread
        from unnest(events, marked) as e
        where e.is_new
        group by e.organization_id, e.conversation_id
    )
    update app.conversation c set
        peer_name = coalesce(n.peer_name, c.peer_name),
        last_inbound_at = greatest(c.last_inbound_at, n.inbound_at),
        window_expires_at = greatest(c.last_inbound_at, n.inbound_at) + interval '24 hours',
        last_message_preview = case when n.last_at >= coalesce(c.last_message_at, '-infinity') then n.preview else c.last_message_preview end,
        last_message_direction = case when n.last_at >= coalesce(c.last_message_at, '-infinity') then 'inbound' else c.last_message_direction end,
        last_message_at = greatest(c.last_message_at, n.last_at),
        unread_count = c.unread_count + n.unread,
        undeliverable_at = case when n.inbound_at > c.undeliverable_at then null else c.undeliverable_at end,
        updated_at = applied_at
    from news n
    where c.organization_id = n.organization_id and c.id = n.conversation_id;
    return marked;
end
$$;

revoke all on function app.store_whatsapp_messages(app.whatsapp_event[], app.whatsapp_target[], timestamptz) from public;
grant execute on function app.store_whatsapp_messages(app.whatsapp_event[], app.whatsapp_target[], timestamptz) to salesbrain_platform;
