-- Stores a message to send and queues it, in the session's organization. Returns the outcome:
--   queued, known (the conversation has a message with the caller's id already: that one), conversation_not_found, conversation_closed,
--   conversation_taken (another agent has it), not_configured, needs_reconnect, window_closed (with the time when it closed, if it was ever open),
--   recipient_unknown (neither a phone number nor the id of a person who has written), reply_to_not_found.
--
-- Names a conversation, or the person to write to: then the conversation with them is used, or made. An agent who writes in a conversation
-- that nobody has claims it. Conversations of other agents are not there for an agent, unless the agent names the person.
-- A definer function, because no session of a tenant may write messages, and because it finds conversations that the agent does not see.
create or replace function app.send_message(
    organization uuid, in_conversation uuid, recipient text, new_id uuid, at timestamptz, sender uuid, new_type text, new_text text,
    new_payload jsonb, preview text, client_id text, reply_id uuid, reply_at timestamptz)
returns table (outcome text, message_id uuid, message_created_at timestamptz, conversation_id uuid, closed_at timestamptz)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    is_agent boolean := pg_has_role(session_user, 'salesbrain_tenant', 'usage') and app.is_role('agent');
    chat app.conversation;
    account_status text;
    window_end timestamptz;
    reply_wamid text;
    is_new boolean;
begin
    if not (pg_has_role(session_user, 'salesbrain_platform', 'usage')
        or (pg_has_role(session_user, 'salesbrain_tenant', 'usage') and app.is_role('owner', 'admin', 'agent_supervisor', 'agent')
            and app.current_org_id() = organization and app.current_user_id() = sender)) then
        raise insufficient_privilege using message = 'this session may not send messages of this organization';
    end if;

    if is_agent then
        -- Before the conversation, as whoever disables the agent, which takes the agent's conversations.
        perform from app.user u where u.organization_id = organization and u.id = sender and u.status = 'active' and u.role = 'agent' for share;
        if not found then
            raise insufficient_privilege using message = 'the agent may not send messages';
        end if;
    end if;

    select a.status into account_status from app.whatsapp_account a where a.organization_id = organization;

    if in_conversation is not null then
        -- Two messages, and a message and a claim, wait for each other.
        select * into chat from app.conversation c where c.organization_id = organization and c.id = in_conversation for no key update;
        if chat.id is null or (is_agent and chat.assigned_to <> sender) then
            return query select 'conversation_not_found', null::uuid, null::timestamptz, null::uuid, null::timestamptz;
            return;
        end if;
        window_end := chat.window_expires_at;
    else
        select * into chat from app.conversation c
        where c.organization_id = organization and c.channel = 'whatsapp' and c.peer_id = recipient and c.status <> 'closed'
        for no key update;
        if chat.id is null then
            -- What the person last wrote opens the window, also if that conversation was closed.
            select max(c.window_expires_at) into window_end
            from app.contact_external_id e
            join app.conversation c on c.organization_id = e.organization_id and c.contact_id = e.contact_id and c.peer_id = e.external_id
            where e.organization_id = organization and e.source = 'whatsapp' and e.external_id = recipient;
            if recipient !~ '^[0-9]{7,15}$' and not exists (
                select from app.contact_external_id e
                where e.organization_id = organization and e.source = 'whatsapp' and e.external_id = recipient)
            then
                return query select 'recipient_unknown', null::uuid, null::timestamptz, null::uuid, null::timestamptz;
                return;
            end if;
            if account_status = 'configured' and (new_type = 'template' or window_end > at) then
                select e.conversation_id into in_conversation
                from app.ensure_conversations(array[organization], array[recipient], array[null]::text[], at) e;
                select * into chat from app.conversation c where c.organization_id = organization and c.id = in_conversation for no key update;
                if chat.window_expires_at is null and window_end is not null then
                    update app.conversation c set last_inbound_at = window_end - interval '24 hours', window_expires_at = window_end
                    where c.organization_id = organization and c.id = chat.id;
                end if;
            end if;
        else
            window_end := chat.window_expires_at;
        end if;
    end if;

    if is_agent and chat.assigned_to <> sender then
        return query select 'conversation_taken', null::uuid, null::timestamptz, chat.id, null::timestamptz;
        return;
    end if;
    if chat.id is not null and client_id is not null then
        select 'known', k.message_id, k.message_created_at, k.conversation_id, null::timestamptz
        into outcome, message_id, message_created_at, conversation_id, closed_at
        from app.message_key k
        where k.organization_id = organization and k.key = 'client:' || chat.id || ':' || client_id;
        if found then
            return next;
            return;
        end if;
    end if;

    outcome := case
        when account_status = 'needs_reconnect' then 'needs_reconnect'
        when account_status is distinct from 'configured' then 'not_configured'
        when chat.status = 'closed' then 'conversation_closed'
        when new_type <> 'template' and coalesce(window_end <= at, true) then 'window_closed'
    end;
    if outcome is not null then
        return query select outcome, null::uuid, null::timestamptz, chat.id, case when outcome = 'window_closed' then window_end end;
        return;
    end if;

    if reply_id is not null then
        select m.wamid into reply_wamid
        from app.message m
        where m.organization_id = organization and m.created_at = reply_at and m.id = reply_id and m.conversation_id = chat.id;
        if reply_wamid is null then
            return query select 'reply_to_not_found', null::uuid, null::timestamptz, chat.id, null::timestamptz;
            return;
        end if;
    end if;

    insert into app.message (
        id, organization_id, conversation_id, direction, type, text, payload, status, sent_by, client_message_id, reply_to_wamid,
        occurred_at, created_at, updated_at)
    values (new_id, organization, chat.id, 'outbound', new_type, new_text, new_payload, 'queued', sender, client_id, reply_wamid, at, at, at);
    if client_id is not null then
        -- The lock of the conversation lets one at a time look for the key and write it.
        insert into app.message_key (organization_id, key, conversation_id, message_id, message_created_at)
        values (organization, 'client:' || chat.id || ':' || client_id, chat.id, new_id, at);
    end if;
    insert into app.message_queue (organization_id, message_id, message_created_at, conversation_id, due_at)
    values (organization, new_id, at, chat.id, at);

    is_new := is_agent and chat.assigned_to is null;
    update app.conversation c set
        last_message_at = greatest(c.last_message_at, at),
        last_message_direction = case when c.last_message_at > at then c.last_message_direction else 'outbound' end,
        last_message_preview = case when c.last_message_at > at then c.last_message_preview else left(preview, 200) end,
        status = case when is_new then 'assigned' else c.status end,
        assigned_to = case when is_new then sender else c.assigned_to end,
        updated_at = at
    where c.organization_id = organization and c.id = chat.id;
    if is_new then
        insert into app.conversation_assignment (organization_id, conversation_id, user_id, assigned_by, assigned_at, reason)
        values (organization, chat.id, sender, sender, at, 'answered');
    end if;

    return query select 'queued', new_id, at, chat.id, null::timestamptz;
end
$$;

revoke all on function app.send_message(
    uuid, uuid, text, uuid, timestamptz, uuid, text, text, jsonb, text, text, uuid, timestamptz) from public;
grant execute on function app.send_message(
    uuid, uuid, text, uuid, timestamptz, uuid, text, text, jsonb, text, text, uuid, timestamptz) to salesbrain_tenant, salesbrain_platform;
