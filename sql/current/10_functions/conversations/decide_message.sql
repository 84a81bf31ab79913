-- What a person decides about a message that was not sent, or of which nobody knows whether it was: `retry` queues it, `fail` gives it up.
-- Returns the outcome: done, not_found, state (with the status of the message, which does not allow it), conversation_closed,
-- not_configured, needs_reconnect, window_closed (with the time when it closed).
-- A failed message with an id of the vendor was taken by it before it failed. It is not sent under the same id again, because statuses of
-- the first attempt may still come: a new message is sent instead.
create or replace function app.decide_message(message uuid, message_at timestamptz, decision text, at timestamptz)
returns table (outcome text, status text, closed_at timestamptz, organization_id uuid)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    known app.message;
    chat app.conversation;
    account_status text;
begin
    select m.* into known from app.message m
    where m.created_at = message_at and m.id = message and m.direction = 'outbound'
        and (pg_has_role(session_user, 'salesbrain_platform', 'usage') or m.organization_id = app.current_org_id());
    if known.id is not null then
        select c.* into chat from app.conversation c where c.organization_id = known.organization_id and c.id = known.conversation_id;
    end if;
    if chat.id is null or not (pg_has_role(session_user, 'salesbrain_platform', 'usage')
        or (pg_has_role(session_user, 'salesbrain_tenant', 'usage') and (app.is_role('owner', 'admin', 'agent_supervisor')
            or (app.is_role('agent') and coalesce(chat.assigned_to = app.current_user_id(), true)))))
    then
        return query select 'not_found', null::text, null::timestamptz, null::uuid;
        return;
    end if;

    -- The conversation first, which the foreign key of the queue locks below: whoever erases a conversation locks it before its messages.
    select c.* into chat from app.conversation c where c.organization_id = chat.organization_id and c.id = chat.id for key share;
    if chat.id is null then
        return query select 'not_found', null::text, null::timestamptz, null::uuid;
        return;
    end if;
    select m.* into known from app.message m
    where m.organization_id = chat.organization_id and m.created_at = message_at and m.id = message for no key update;
    perform from app.message_queue q where q.organization_id = chat.organization_id and q.message_id = message for update;

    organization_id := chat.organization_id;
    status := known.status;
    if decision = 'fail' then
        if known.status not in ('queued', 'unknown') then
            outcome := 'state';
            return next;
            return;
        end if;
        delete from app.message_queue q where q.organization_id = known.organization_id and q.message_id = known.id;
        update app.message m set
            status = 'failed', error_code = 'given_up', error_message = 'A person gave the message up.', failed_at = at, updated_at = at
        where m.organization_id = known.organization_id and m.created_at = message_at and m.id = message;
        outcome := 'done';
        status := 'failed';
        return next;
        return;
    end if;

    select a.status into account_status from app.whatsapp_account a where a.organization_id = known.organization_id;
    outcome := case
        when not (known.status = 'unknown' or (known.status = 'failed' and known.wamid is null)) then 'state'
        when account_status = 'needs_reconnect' then 'needs_reconnect'
        when account_status is distinct from 'configured' then 'not_configured'
        when chat.status = 'closed' then 'conversation_closed'
        when known.type <> 'template' and coalesce(chat.window_expires_at <= at, true) then 'window_closed'
    end;
    if outcome is not null then
        closed_at := case when outcome = 'window_closed' then chat.window_expires_at end;
        return next;
        return;
    end if;
    update app.message_queue q set attempt = 0, due_at = at
    where q.organization_id = known.organization_id and q.message_id = known.id;
    if not found then
        insert into app.message_queue (organization_id, message_id, message_created_at, conversation_id, due_at)
        values (known.organization_id, known.id, known.created_at, known.conversation_id, at);
    end if;
    update app.message m set status = 'queued', error_code = null, error_message = null, failed_at = null, updated_at = at
    where m.organization_id = known.organization_id and m.created_at = message_at and m.id = message;
    outcome := 'done';
    status := 'queued';
    return next;
end
$$;

revoke all on function app.decide_message(uuid, timestamptz, text, timestamptz) from public;
grant execute on function app.decide_message(uuid, timestamptz, text, timestamptz) to salesbrain_tenant, salesbrain_platform;
