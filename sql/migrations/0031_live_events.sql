-- What changed, for the browsers that show it: written by triggers in the transaction of the change, read in the order of (xid, number) by
-- /api/v1/events, and dropped a day at a time. Ids, status and counters only: never names, addresses or texts.

-- In one transaction numbers rise. A session takes several at a time, so between transactions they do not; their order is that of xid.
create sequence app.live_event_number_seq cache 32;

create table app.live_event (
    -- The writing transaction. Its events can be read once no older transaction runs: those below pg_snapshot_xmin(pg_current_snapshot()).
    xid xid8 not null default pg_current_xact_id(),
    number bigint not null default nextval('app.live_event_number_seq'),
    organization_id uuid not null,
    -- The scope of the row that changed, as row-level security has it.
    agency_id uuid,
    client_id uuid,
    -- The user whom the row belongs to.
    user_id uuid,
    -- Whose policy decides who sees it: person = only that user; readers = as a lead, or the user; job and data_source = as those.
    audience text not null default 'readers',
    channel text not null,
    kind text not null,
    entity text not null,
    -- Null: several of the entity changed.
    entity_id uuid,
    campaign_id uuid,
    data jsonb not null default '{}',
    -- When it was written, not when its transaction began.
    at timestamptz not null default clock_timestamp(),
    -- The one index: readers begin behind a position. The organization is in it, so that reading one organization's events skips the others'
    -- without reading their rows.
    constraint live_event_pkey primary key (xid, number, organization_id, at),
    constraint live_event_audience_check check (audience in ('readers', 'person', 'job', 'data_source') and (audience <> 'person' or user_id is not null))
) partition by range (at);

-- Lets a browser open a stream: EventSource sends no headers, so the access token cannot be sent. Valid once, for a minute.
create table app.stream_ticket (
    id uuid primary key default gen_random_uuid(),
    -- Null for platform operators.
    organization_id uuid,
    user_id uuid not null,
    session_id uuid not null,
    -- SHA-256 of the ticket, which is not kept.
    token_hash bytea not null,
    channels text[] not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    constraint stream_ticket_organization_id_key unique (organization_id, id),
    -- Global by nature: the ticket finds the user.
    constraint stream_ticket_token_hash_key unique (token_hash),
    constraint stream_ticket_user_fkey foreign key (organization_id, user_id) references app.user (organization_id, id)
);

create index stream_ticket_user_idx on app.stream_ticket (user_id);
create index stream_ticket_expires_at_idx on app.stream_ticket (expires_at);
