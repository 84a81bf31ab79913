-- Stores what became of messages that a worker has claimed as `owner`. Outcomes: sent (with the vendor's id), retry (at due_at), failed,
-- unknown (nobody knows whether the vendor has the message; it is not sent again until a person decides), returned (the request was not
-- begun: queued as before). A message whose lease has expired belongs to the worker no more, and only `sent` still changes it: that is
-- certain.
-- Until `hold_until`, the number sends nothing.
-- What a status of the vendor has already told stays.
create or replace function app.settle_messages(organization uuid, owner uuid, results jsonb, hold_until timestamptz, at timestamptz) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if hold_until is not null then
        update app.whatsapp_pace p set next_at = greatest(p.next_at, hold_until) where p.organization_id = organization;
    end if;
    -- As everybody: the conversation, which the foreign key of the vendor's id locks below, before the message, and the message before the
    -- queue.
    perform from app.conversation c
    where c.organization_id = organization and c.id in (
        select m.conversation_id
        from jsonb_array_elements(results) r
        join app.message m on m.organization_id = organization and m.created_at = (r ->> 'message_created_at')::timestamptz
            and m.id = (r ->> 'message_id')::uuid)
    order by c.id
    for key share;
    perform from app.message m
    where m.organization_id = organization and (m.created_at, m.id) in (
        select (r ->> 'message_created_at')::timestamptz, (r ->> 'message_id')::uuid from jsonb_array_elements(results) r)
    order by m.created_at, m.id
    for no key update;
    perform from app.message_queue q
    where q.organization_id = organization and q.message_id in (select (r ->> 'message_id')::uuid from jsonb_array_elements(results) r)
    order by q.message_id
    for update;

    update app.message m set
        wamid = coalesce(m.wamid, r.wamid),
        status = case
            when r.outcome = 'sent' and (m.status in ('queued', 'sending', 'unknown') or (m.status = 'failed' and m.error_code = 'given_up')) then 'sent'
            when r.outcome = 'sent' or m.status <> 'sending' then m.status
            when r.outcome in ('retry', 'returned') then 'queued'
            else r.outcome
        end,
        sent_at = case when r.outcome = 'sent' then coalesce(m.sent_at, at) else m.sent_at end,
        failed_at = case
            when r.outcome = 'failed' and m.status = 'sending' then at
            when r.outcome = 'sent' and m.error_code = 'given_up' then null
            else m.failed_at
        end,
        error_code = case
            when r.outcome = 'sent' then case when m.status = 'failed' and m.error_code <> 'given_up' then m.error_code end
            when m.status = 'sending' then r.error_code
            else m.error_code
        end,
        error_message = case
            when r.outcome = 'sent' then case when m.status = 'failed' and m.error_code <> 'given_up' then m.error_message end
            when m.status = 'sending' then r.error_message
            else m.error_message
        end,
        updated_at = at
    from jsonb_to_recordset(results) as r (
        message_id uuid, message_created_at timestamptz, outcome text, wamid text, error_code text, error_message text, attempt integer,
        due_at timestamptz)
    left join app.message_queue q on q.organization_id = organization and q.message_id = r.message_id
    where m.organization_id = organization and m.created_at = r.message_created_at and m.id = r.message_id
        and (q.lease_owner = owner or (r.outcome = 'sent' and q.lease_owner is null));

    update app.message_queue q set
        lease_owner = null, lease_until = null,
        attempt = coalesce(r.attempt, q.attempt),
        due_at = case r.outcome when 'retry' then r.due_at when 'returned' then least(q.due_at, at) end
    from jsonb_to_recordset(results) as r (
        message_id uuid, message_created_at timestamptz, outcome text, wamid text, error_code text, error_message text, attempt integer,
        due_at timestamptz)
    join app.message m on m.organization_id = organization and m.created_at = r.message_created_at and m.id = r.message_id
    where q.organization_id = organization and q.message_id = r.message_id and q.lease_owner = owner and m.status in ('queued', 'unknown');

    delete from app.message_queue q
    using jsonb_to_recordset(results) as r (
        message_id uuid, message_created_at timestamptz, outcome text, wamid text, error_code text, error_message text, attempt integer,
        due_at timestamptz)
    left join app.message m on m.organization_id = organization and m.created_at = r.message_created_at and m.id = r.message_id
    where q.organization_id = organization and q.message_id = r.message_id
        and (q.lease_owner = owner or (r.outcome = 'sent' and q.lease_owner is null))
        and (m.id is null or m.status not in ('queued', 'unknown'));

    insert into app.message_key (organization_id, key, conversation_id, message_id, message_created_at)
    select organization, 'wamid:' || r.wamid, m.conversation_id, r.message_id, r.message_created_at
    from jsonb_to_recordset(results) as r (
        message_id uuid, message_created_at timestamptz, outcome text, wamid text, error_code text, error_message text, attempt integer,
        due_at timestamptz)
    join app.message m on m.organization_id = organization and m.created_at = r.message_created_at and m.id = r.message_id
    where r.outcome = 'sent' and r.wamid is not null
    order by r.wamid
    on conflict (organization_id, key) do nothing;
end
$$;

revoke all on function app.settle_messages(uuid, uuid, jsonb, timestamptz, timestamptz) from public;
grant execute on function app.settle_messages(uuid, uuid, jsonb, timestamptz, timestamptz) to salesbrain_platform;
