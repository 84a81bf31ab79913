-- How fast messages are sent. Each row is a token bucket in one timestamp (the generic cell rate algorithm): when the next message may be sent if
-- all messages kept their distance. A time in the past means that the bucket has filled up again.

-- Of a number, all instances together.
create table app.whatsapp_pace (
    organization_id uuid primary key references app.organization (id),
    next_at timestamptz not null
);

-- Of the messages to one person.
create table app.conversation_pace (
    organization_id uuid not null,
    conversation_id uuid not null,
    next_at timestamptz not null,
    constraint conversation_pace_pkey primary key (organization_id, conversation_id),
    constraint conversation_pace_conversation_fkey foreign key (organization_id, conversation_id)
        references app.conversation (organization_id, id) on delete cascade
);

-- The messages of which nobody knows whether they were sent.
create index message_queue_undecided_idx on app.message_queue (organization_id, message_created_at) where due_at is null;
