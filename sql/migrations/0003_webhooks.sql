create table app.webhook_endpoint (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references app.organization (id),
    source text not null,
    name text not null,
    -- SHA-256 of the token; the token itself is shown once and not kept.
    token_hash bytea not null,
    token_last4 text not null,
    previous_token_hash bytea,
    previous_token_expires_at timestamptz,
    auth_mode text not null default 'token',
    -- Header name, user, algorithm, encoding, prefix, timestamp header, tolerance: whatever the mode needs, never a secret.
    auth_settings jsonb not null default '{}',
    -- AES-256-GCM envelope; null in mode token.
    secret_sealed bytea,
    secret_last4 text,
    previous_secret_sealed bytea,
    previous_secret_expires_at timestamptz,
    status text not null default 'active',
    -- Seconds of silence after which the owners are told; null = never.
    expect_every_seconds integer,
    silent_since timestamptz,
    -- Rises with every change: a receiver that cached an older one notices inside its insert.
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint webhook_endpoint_organization_id_key unique (organization_id, id),
    -- Global by nature: the token finds the organization.
    constraint webhook_endpoint_token_hash_key unique (token_hash),
    constraint webhook_endpoint_previous_token_hash_key unique (previous_token_hash),
    constraint webhook_endpoint_source_check check (source in ('instantly', 'weconnect', 'n8n', 'zapier', 'make', 'custom')),
    constraint webhook_endpoint_name_check check (char_length(name) between 1 and 200),
    constraint webhook_endpoint_auth_mode_check check (auth_mode in ('token', 'header', 'basic', 'hmac', 'standard_webhooks')),
    constraint webhook_endpoint_secret_check check ((auth_mode = 'token') = (secret_sealed is null)),
    constraint webhook_endpoint_status_check check (status in ('active', 'disabled')),
    constraint webhook_endpoint_expect_every_check check (expect_every_seconds between 60 and 31536000)
);

create index webhook_endpoint_list_idx on app.webhook_endpoint (organization_id, created_at desc, id desc) where deleted_at is null;
create index webhook_endpoint_expecting_idx on app.webhook_endpoint (id) where expect_every_seconds is not null and deleted_at is null;

-- One received event and what became of it. The id is a time-ordered UUID (version 7) whose millisecond timestamp IS created_at,
-- so an id alone leads to its partition. No foreign key points here: partitions are dropped whole.
create table app.webhook_log (
    id uuid not null,
    organization_id uuid not null references app.organization (id),
    endpoint_id uuid,
    event_source text not null,
    event_type text not null,
    raw_event_type text,
    campaign_id uuid,
    campaign_external_id text,
    campaign_name text,
    contact_id uuid,
    contact_email text,
    contact_email_norm text,
    status text not null,
    error_code text,
    error_message text,
    retry_count smallint not null default 0,
    -- When the processor may take it: at once for pending, at the next attempt for failed, null when there is nothing left to do.
    due_at timestamptz,
    last_retry_at timestamptz,
    occurred_at timestamptz not null,
    created_at timestamptz not null,
    processed_at timestamptz,
    processing_ms integer,
    delivery_count integer not null default 1,
    last_delivered_at timestamptz not null,
    constraint webhook_log_pkey primary key (created_at, id),
    constraint webhook_log_organization_id_key unique (organization_id, created_at, id),
    constraint webhook_log_endpoint_fkey foreign key (organization_id, endpoint_id) references app.webhook_endpoint (organization_id, id),
    constraint webhook_log_campaign_fkey foreign key (organization_id, campaign_id) references app.campaign (organization_id, id),
    constraint webhook_log_contact_fkey foreign key (organization_id, contact_id) references app.contact (organization_id, id) on delete set null (contact_id),
    constraint webhook_log_event_source_check check (event_source in ('instantly', 'weconnect', 'n8n', 'zapier', 'make', 'custom', 'manual', 'system')),
    constraint webhook_log_status_check check (status in ('pending', 'processed', 'ignored', 'failed', 'dead')),
    constraint webhook_log_due_at_check check ((due_at is not null) = (status in ('pending', 'failed'))),
    constraint webhook_log_processed_at_check check (status <> 'processed' or processed_at is not null)
) partition by range (created_at);

create index webhook_log_event_type_idx on app.webhook_log (organization_id, event_type, created_at desc, id desc);
create index webhook_log_event_source_idx on app.webhook_log (organization_id, event_source, created_at desc, id desc);
create index webhook_log_campaign_idx on app.webhook_log (organization_id, campaign_id, created_at desc, id desc) where campaign_id is not null;
create index webhook_log_contact_email_idx on app.webhook_log (organization_id, contact_email_norm, created_at desc, id desc) where contact_email_norm is not null;
create index webhook_log_unprocessed_idx on app.webhook_log (organization_id, status, created_at desc, id desc) where status <> 'processed';
create index webhook_log_due_idx on app.webhook_log (organization_id, due_at) where due_at is not null;
create index webhook_log_contact_idx on app.webhook_log (contact_id) where contact_id is not null;
-- An endpoint's newest log: when it received last, and whether that is too long ago. No other index tells two endpoints of one source apart.
create index webhook_log_endpoint_idx on app.webhook_log (endpoint_id, created_at desc) where endpoint_id is not null;

-- The bytes exactly as they came, apart from the log row so that lists never touch them.
create table app.webhook_payload (
    log_id uuid not null,
    organization_id uuid not null references app.organization (id),
    created_at timestamptz not null,
    content_type text,
    headers jsonb not null default '{}',
    body bytea not null,
    constraint webhook_payload_pkey primary key (organization_id, created_at, log_id)
) partition by range (created_at);

-- What makes a second delivery of the same event a duplicate; kept 35 days. Its own table because a unique key cannot span partitions.
create table app.webhook_receipt (
    organization_id uuid not null references app.organization (id),
    key bytea not null,
    log_id uuid not null,
    log_created_at timestamptz not null,
    constraint webhook_receipt_pkey primary key (organization_id, key)
);

create index webhook_receipt_age_idx on app.webhook_receipt using brin (log_created_at);

-- A delivery to a known endpoint that was refused: evidence, and re-admitted once the cause is mended.
create table app.webhook_rejection (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references app.organization (id),
    endpoint_id uuid not null,
    event_source text not null,
    cause text not null,
    diagnosis text not null,
    headers jsonb not null default '{}',
    content_type text,
    body bytea not null,
    -- Bytes that were sent; more than are kept when the body was cut.
    body_size bigint not null,
    remote_ip inet,
    created_at timestamptz not null default now(),
    readmitted_at timestamptz,
    readmitted_by uuid,
    readmitted_log_ids uuid[],
    constraint webhook_rejection_organization_id_key unique (organization_id, id),
    constraint webhook_rejection_endpoint_fkey foreign key (organization_id, endpoint_id) references app.webhook_endpoint (organization_id, id),
    constraint webhook_rejection_cause_check check (cause in (
        'bad_secret', 'bad_signature', 'stale_timestamp', 'not_json', 'too_large', 'unsupported_type', 'disabled')),
    constraint webhook_rejection_body_check check (octet_length(body) <= 65536)
);

create index webhook_rejection_list_idx on app.webhook_rejection (organization_id, created_at desc, id desc);
create index webhook_rejection_platform_idx on app.webhook_rejection (created_at desc, id desc);

-- Failed processing attempts and requests to retry. The attempt that succeeded is the log row itself.
create table app.webhook_attempt (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references app.organization (id),
    log_id uuid not null,
    log_created_at timestamptz not null,
    kind text not null,
    at timestamptz not null,
    duration_ms integer,
    error_code text,
    error_message text,
    -- Who asked, for a retry by hand; may be a platform operator.
    actor_id uuid,
    constraint webhook_attempt_organization_id_key unique (organization_id, id),
    constraint webhook_attempt_kind_check check (kind in ('failure', 'retry_requested'))
);

create index webhook_attempt_log_idx on app.webhook_attempt (organization_id, log_id, at);
create index webhook_attempt_age_idx on app.webhook_attempt using brin (log_created_at);

-- Counts changes of an organization's logs, spread over shards so that writers do not queue on one row.
-- The sum is the version behind the log list's ETag.
create table app.webhook_log_version (
    organization_id uuid not null references app.organization (id),
    shard smallint not null,
    version bigint not null,
    constraint webhook_log_version_pkey primary key (organization_id, shard)
) with (fillfactor = 50);

-- The rows an event was found to belong to, between the steps of app.apply_webhook_events.
create type app.webhook_event_resolution as (
    log_id uuid,
    log_created_at timestamptz,
    organization_id uuid,
    campaign_id uuid,
    contact_id uuid,
    lead_id uuid
);
