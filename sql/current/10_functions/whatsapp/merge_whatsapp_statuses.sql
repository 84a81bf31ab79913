-- Merges statuses into the messages that they are about. The furthest status counts, in whatever order they arrive, with the times that the
-- vendor gives. A message with a status has been sent: it leaves the queue, also if nobody knew whether it was sent, and gets the vendor's
-- id.
create or replace function app.merge_whatsapp_statuses(events app.whatsapp_event[], targets app.whatsapp_target[], applied_at timestamptz) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from unnest(events, targets) as e where e.kind = 'status' and e.message_id is not null) then
        return;
    end if;
    perform from app.message m
    where (m.organization_id, m.created_at, m.id) in (
        select e.organization_id, e.message_created_at, e.message_id
        from unnest(events, targets) as e
        where e.kind = 'status' and e.message_id is not null)
    order by m.organization_id, m.created_at, m.id
    for no key update;

    with news as (
        select e.organization_id, e.message_created_at, e.message_id, min(e.wamid) as wamid,
            (array_agg(e.status order by app.message_status_rank(e.status) desc))[1] as status,
            min(e.occurred_at) filter (where e.status = 'sent') as sent_at,
            min(e.occurred_at) filter (where e.status = 'delivered') as delivered_at,
            min(e.occurred_at) filter (where e.status = 'read') as read_at,
            min(e.occurred_at) filter (where e.status = 'failed') as failed_at,
            (array_agg(e.error_code order by e.occurred_at, e.log_id) filter (where e.status = 'failed'))[1] as error_code,
            (array_agg(e.error_message order by e.occurred_at, e.log_id) filter (where e.status = 'failed'))[1] as error_message
        from unnest(events, targets) as e
        where e.kind = 'status' and e.message_id is not null
        group by e.organization_id, e.message_created_at, e.message_id
    )
    update app.message m set
        -- Nobody but a person has said that a message failed which was given up: the vendor knows better.
        status = case
            when m.error_code = 'given_up' or app.message_status_rank(n.status) > app.message_status_rank(m.status) then n.status
            else m.status end,
        wamid = coalesce(m.wamid, n.wamid),
        sent_at = coalesce(n.sent_at, m.sent_at),
        delivered_at = coalesce(n.delivered_at, m.delivered_at),
        read_at = coalesce(n.read_at, m.read_at),
        failed_at = case when m.error_code = 'given_up' then n.failed_at else coalesce(n.failed_at, m.failed_at) end,
        error_code = case
            when greatest(app.message_status_rank(n.status), app.message_status_rank(m.status)) > app.message_status_rank('failed') then null
            when n.failed_at is not null then n.error_code
            -- A message whose fate was unknown, or that was to be sent again, was sent.
            when m.status in ('queued', 'sending', 'unknown') or m.error_code = 'given_up' then null
            else m.error_code end,
        error_message = case
            when greatest(app.message_status_rank(n.status), app.message_status_rank(m.status)) > app.message_status_rank('failed') then null
            when n.failed_at is not null then n.error_message
            when m.status in ('queued', 'sending', 'unknown') or m.error_code = 'given_up' then null
            else m.error_message end,
        updated_at = applied_at
    from news n
    where m.organization_id = n.organization_id and m.created_at = n.message_created_at and m.id = n.message_id;

    insert into app.message_key (organization_id, key, conversation_id, message_id, message_created_at)
    select e.organization_id, 'wamid:' || e.wamid, e.conversation_id, e.message_id, e.message_created_at
    from unnest(events, targets) as e
    where e.kind = 'status' and e.message_id is not null
    order by 1, 2
    on conflict (organization_id, key) do nothing;

    delete from app.message_queue q
    using unnest(events, targets) as e
    where e.kind = 'status' and q.organization_id = e.organization_id and q.message_id = e.message_id;

    -- Whether anything can be delivered to the person: the newest status that tells it counts.
    with news as (
        select distinct on (e.organization_id, e.conversation_id)
            e.organization_id, e.conversation_id, e.occurred_at, e.is_undeliverable is true as is_undeliverable
        from unnest(events, targets) as e
        where e.kind = 'status' and e.message_id is not null and (e.is_undeliverable or e.status in ('delivered', 'read'))
        order by e.organization_id, e.conversation_id, e.occurred_at desc, e.log_id desc
    ), locked as (
        select c.organization_id, c.id, n.occurred_at, n.is_undeliverable
        from news n
        join app.conversation c on c.organization_id = n.organization_id and c.id = n.conversation_id
        where n.is_undeliverable and n.occurred_at > coalesce(greatest(c.undeliverable_at, c.last_inbound_at), '-infinity')
            or not n.is_undeliverable and n.occurred_at > c.undeliverable_at
        order by c.id
        -- app.lock_whatsapp_conversations has locked them. One that has become undeliverable since may be locked by others, and to wait for
        -- them now, out of order, could deadlock: the next status of it decides.
        for no key update of c skip locked
    )
    update app.conversation c set undeliverable_at = case when l.is_undeliverable then l.occurred_at end, updated_at = applied_at
    from locked l
    where c.organization_id = l.organization_id and c.id = l.id;
end
$$;

revoke all on function app.merge_whatsapp_statuses(app.whatsapp_event[], app.whatsapp_target[], timestamptz) from public;
grant execute on function app.merge_whatsapp_statuses(app.whatsapp_event[], app.whatsapp_target[], timestamptz) to salesbrain_platform;
