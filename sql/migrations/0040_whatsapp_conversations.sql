-- The organization's WhatsApp Business Account, and the conversations that its agents have over it.

-- One of each organization. Without a row it never connected one.
create table app.whatsapp_account (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references app.organization (id),
    status text not null default 'pending',
    -- The vendor's ids. The phone number is unknown until it is found among those of the WhatsApp Business Account.
    waba_id text not null,
    phone_number_id text,
    display_number text,
    verified_name text,
    quality text,
    -- The number is also used in the WhatsApp Business app: it is not registered with a PIN.
    coexists boolean not null default false,
    -- The business token: null after the account was disconnected.
    token_sealed bytea,
    token_last4 text,
    -- The PIN with which the number was registered, for registering it again.
    pin_sealed bytea,
    granted_scopes text[] not null default '{}',
    -- When the steps of connecting were done; null: not yet, or not needed.
    token_checked_at timestamptz,
    number_found_at timestamptz,
    subscribed_at timestamptz,
    registered_at timestamptz,
    -- When a delivery of the vendor last named the account.
    webhook_seen_at timestamptz,
    -- Why the account cannot be used, or the last step failed.
    error_code text,
    error_message text,
    -- The most messages that the number may send in a second.
    messages_per_second integer not null default 80,
    -- Until then nothing is sent; null: sending goes on.
    sends_after timestamptz,
    templates jsonb,
    templates_at timestamptz,
    connected_by uuid,
    connected_at timestamptz,
    checked_at timestamptz,
    disconnected_at timestamptz,
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint whatsapp_account_organization_key unique (organization_id),
    constraint whatsapp_account_organization_id_key unique (organization_id, id),
    -- Global by nature: it finds the organization of a delivery.
    constraint whatsapp_account_phone_number_id_key unique (phone_number_id),
    constraint whatsapp_account_status_check check (status in ('pending', 'configured', 'needs_reconnect', 'disconnected')),
    constraint whatsapp_account_token_check check ((status = 'disconnected') = (token_sealed is null)),
    constraint whatsapp_account_configured_check check (status <> 'configured' or phone_number_id is not null),
    constraint whatsapp_account_rate_check check (messages_per_second between 1 and 1000),
    constraint whatsapp_account_waba_check check (char_length(waba_id) between 1 and 64),
    constraint whatsapp_account_phone_number_check check (char_length(phone_number_id) between 1 and 64)
);

create table app.conversation (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references app.organization (id),
    contact_id uuid not null,
    channel text not null default 'whatsapp',
    -- The vendor's id of the person: often the phone number in digits, but opaque.
    peer_id text not null,
    -- As the person calls themselves at the vendor.
    peer_name text,
    status text not null default 'open',
    -- Whose conversation it is: that of the active row of app.conversation_assignment.
    assigned_to uuid,
    last_inbound_at timestamptz,
    -- Until then the vendor accepts free text: 24 hours after the last inbound message, by the vendor's timestamp.
    window_expires_at timestamptz,
    last_message_at timestamptz,
    last_message_direction text,
    last_message_preview text,
    unread_count integer not null default 0,
    closed_at timestamptz,
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    -- What lists are ordered by.
    activity_at timestamptz generated always as (coalesce(last_message_at, created_at)) stored,
    search_text text generated always as (app.search_text(coalesce(peer_name, '') || ' ' || peer_id)) stored,
    constraint conversation_organization_id_key unique (organization_id, id),
    constraint conversation_contact_fkey foreign key (organization_id, contact_id) references app.contact (organization_id, id),
    constraint conversation_assigned_to_fkey foreign key (organization_id, assigned_to) references app.user (organization_id, id),
    constraint conversation_channel_check check (channel = 'whatsapp'),
    constraint conversation_status_check check (status in ('open', 'assigned', 'closed')),
    constraint conversation_assigned_check check (status = 'closed' or (status = 'assigned') = (assigned_to is not null)),
    constraint conversation_closed_check check ((status = 'closed') = (closed_at is not null)),
    constraint conversation_peer_check check (char_length(peer_id) between 1 and 128),
    constraint conversation_preview_check check (char_length(last_message_preview) <= 200),
    constraint conversation_unread_check check (unread_count >= 0)
);

-- However many first messages of a person arrive at once, there is one conversation.
create unique index conversation_peer_key on app.conversation (organization_id, channel, peer_id) where status <> 'closed';
create index conversation_activity_idx on app.conversation (organization_id, activity_at, id);
create index conversation_status_idx on app.conversation (organization_id, status, activity_at, id);
create index conversation_assigned_to_idx on app.conversation (organization_id, assigned_to, activity_at, id);
create index conversation_unread_idx on app.conversation (organization_id, activity_at, id) where unread_count > 0;
create index conversation_contact_idx on app.conversation (organization_id, contact_id);
create index conversation_search_idx on app.conversation using gin (organization_id, search_text gin_trgm_ops);

create table app.conversation_assignment (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null,
    conversation_id uuid not null,
    user_id uuid not null,
    -- Null: the system.
    assigned_by uuid,
    assigned_at timestamptz not null,
    ended_at timestamptz,
    -- Why it began or, when it has ended, why it ended.
    reason text,
    constraint conversation_assignment_organization_id_key unique (organization_id, id),
    constraint conversation_assignment_conversation_fkey foreign key (organization_id, conversation_id)
        references app.conversation (organization_id, id) on delete cascade,
    constraint conversation_assignment_user_fkey foreign key (organization_id, user_id) references app.user (organization_id, id),
    constraint conversation_assignment_reason_check check (char_length(reason) <= 500)
);

create unique index conversation_assignment_active_key on app.conversation_assignment (organization_id, conversation_id) where ended_at is null;
create index conversation_assignment_conversation_idx on app.conversation_assignment (organization_id, conversation_id, assigned_at);
create index conversation_assignment_user_idx on app.conversation_assignment (organization_id, user_id);

-- The id is a time-ordered UUID (version 7) whose millisecond timestamp is created_at, so that an id alone leads to its partition.
create table app.message (
    id uuid not null,
    organization_id uuid not null,
    conversation_id uuid not null,
    direction text not null,
    type text not null,
    text text,
    -- What the vendor sent, or what is sent to it, beyond the text.
    payload jsonb not null default '{}',
    -- The vendor's id. Unique in the organization: app.message_key.
    wamid text,
    -- Inbound messages are delivered, and read when an agent has read them.
    status text not null,
    error_code text,
    error_message text,
    sent_by uuid,
    -- The caller's id of the request to send. Unique in the conversation: app.message_key.
    client_message_id text,
    -- The message that this one answers.
    reply_to_wamid text,
    -- The vendor's timestamp; of an outbound message without one, when it was stored. Conversations are read in its order.
    occurred_at timestamptz not null,
    sent_at timestamptz,
    delivered_at timestamptz,
    read_at timestamptz,
    failed_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint message_pkey primary key (organization_id, created_at, id),
    constraint message_conversation_fkey foreign key (organization_id, conversation_id)
        references app.conversation (organization_id, id) on delete cascade,
    constraint message_direction_check check (direction in ('inbound', 'outbound')),
    constraint message_status_check check (status in ('queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'unknown')),
    constraint message_text_check check (char_length(text) <= 65536)
) partition by range (created_at);

create index message_conversation_idx on app.message (organization_id, conversation_id, occurred_at, id);

-- What a message is known by: the vendor's id and the caller's. Its own table because a unique key cannot span partitions.
create table app.message_key (
    organization_id uuid not null references app.organization (id),
    -- wamid:<vendor's id>, or client:<conversation>:<caller's id>.
    key text not null,
    conversation_id uuid not null,
    message_id uuid not null,
    message_created_at timestamptz not null,
    constraint message_key_pkey primary key (organization_id, key),
    constraint message_key_conversation_fkey foreign key (organization_id, conversation_id)
        references app.conversation (organization_id, id) on delete cascade
);

create index message_key_conversation_idx on app.message_key (organization_id, conversation_id);

-- Outbound messages that wait to be sent, or whose sending has begun.
create table app.message_queue (
    organization_id uuid not null references app.organization (id),
    message_id uuid not null,
    message_created_at timestamptz not null,
    conversation_id uuid not null,
    -- The order of sending in a conversation.
    number bigint generated always as identity,
    -- Failed attempts so far.
    attempt integer not null default 0,
    -- When it may be sent. Null: only a person decides, because nobody knows whether it was sent.
    due_at timestamptz,
    lease_owner uuid,
    lease_until timestamptz,
    constraint message_queue_pkey primary key (organization_id, message_id),
    constraint message_queue_conversation_fkey foreign key (organization_id, conversation_id)
        references app.conversation (organization_id, id) on delete cascade,
    constraint message_queue_lease_check check ((lease_owner is null) = (lease_until is null))
);

create index message_queue_conversation_idx on app.message_queue (organization_id, conversation_id, number);
create index message_queue_due_idx on app.message_queue (organization_id, due_at, number) where due_at is not null;
create index message_queue_lease_idx on app.message_queue (lease_until) where lease_until is not null;

-- Deliveries of the vendor that name no account that is known here: evidence for the platform's operators, kept for 30 days.
create table app.whatsapp_unrouted (
    id uuid primary key default gen_random_uuid(),
    cause text not null,
    waba_id text,
    phone_number_id text,
    body bytea not null,
    received_at timestamptz not null,
    constraint whatsapp_unrouted_cause_check check (cause in ('unknown_number', 'other_account')),
    constraint whatsapp_unrouted_body_check check (octet_length(body) <= 65536)
);

create index whatsapp_unrouted_received_at_idx on app.whatsapp_unrouted (received_at desc, id desc);

-- The digits of a phone number with a country code; null if it has none.
create function app.phone_digits(phone text) returns text
language sql immutable parallel safe
return case
    when phone ~ '^\s*\+' then nullif(regexp_replace(phone, '[^0-9]', '', 'g'), '')
    when phone ~ '^\s*00' then nullif(regexp_replace(regexp_replace(phone, '^\s*00', ''), '[^0-9]', '', 'g'), '')
    when phone ~ '^\s*[0-9]{10,15}\s*$' then btrim(phone)
end;

-- Finds the contact of a person who writes for the first time.
create index contact_phone_digits_idx on app.contact (organization_id, app.phone_digits(phone)) where phone is not null;
