-- Events of WhatsApp enter the webhook log. Not valid, so that no partition is scanned under the lock: every row has one of the former sources.
alter table app.webhook_log drop constraint webhook_log_event_source_check;
alter table app.webhook_log add constraint webhook_log_event_source_check check (
    event_source in ('instantly', 'weconnect', 'n8n', 'zapier', 'make', 'custom', 'whatsapp', 'manual', 'system')) not valid;

-- What a person wrote to the organization. Only owners and administrators read it, and the platform.
alter table app.webhook_payload add column is_private boolean not null default false;

-- When the vendor last said that messages cannot be delivered to the person (131026); null: not since a message was delivered, or the person wrote.
alter table app.conversation add column undeliverable_at timestamptz;

-- What one event of WhatsApp does, as the application sends it to app.apply_whatsapp_events: the members of WhatsappEvent in C#, a test compares them.
create type app.whatsapp_event as (
    log_id uuid,
    log_created_at timestamptz,
    organization_id uuid,
    -- message, number_changed or status.
    kind text,
    occurred_at timestamptz,
    -- The message that came, or the one that a status is about.
    wamid text,
    peer_id text,
    peer_name text,
    -- The person's new id, if their number has changed.
    new_peer_id text,
    type text,
    text text,
    preview text,
    payload jsonb,
    reply_to_wamid text,
    -- Whether it is something new to read, and an activity of the person.
    is_news boolean,
    activity_id uuid,
    details jsonb,
    status text,
    error_code text,
    error_message text,
    -- Whether the vendor says that nothing can be delivered to the person.
    is_undeliverable boolean,
    -- The id of our message, if the status has it.
    callback_id uuid,
    callback_created_at timestamptz
);

-- What an event applies to, between the steps of app.apply_whatsapp_events.
create type app.whatsapp_target as (
    conversation_id uuid,
    contact_id uuid,
    message_id uuid,
    message_created_at timestamptz,
    -- Whether the conversation has just begun with it.
    begins boolean,
    -- Whether its message is stored now. An event that is applied again counts nothing.
    is_new boolean,
    -- Why the event has no effect.
    ignored text
);
