-- Streams tell of conversations, to those who may see them.
alter table app.live_event drop constraint live_event_audience_check;
alter table app.live_event add constraint live_event_audience_check
    check (audience in ('readers', 'person', 'job', 'data_source', 'conversation') and (audience <> 'person' or user_id is not null));

-- Until when agents count as present, and the order in which they take conversations.
create table app.agent_presence (
    organization_id uuid not null references app.organization (id),
    user_id uuid not null,
    present_until timestamptz not null,
    -- The number of the agent's last turn. The agent with the lowest number takes the organization's next conversation.
    last_turn bigint not null default 0,
    constraint agent_presence_pkey primary key (organization_id, user_id),
    constraint agent_presence_user_fkey foreign key (organization_id, user_id) references app.user (organization_id, id) on delete cascade
);

-- The messages that reading a conversation marks.
create index message_unread_idx on app.message (organization_id, conversation_id) where direction = 'inbound' and status = 'delivered';
