-- One fact about a contact, derived from one webhook log. created_at is the log's own, so that one log can have only one.
create table app.activity (
    id uuid not null default gen_random_uuid(),
    organization_id uuid not null references app.organization (id),
    webhook_log_id uuid not null,
    activity_type text not null,
    contact_id uuid,
    campaign_id uuid,
    lead_id uuid,
    occurred_at timestamptz not null,
    details jsonb not null default '{}',
    created_at timestamptz not null,
    constraint activity_pkey primary key (organization_id, created_at, webhook_log_id),
    constraint activity_organization_id_key unique (organization_id, created_at, id),
    constraint activity_contact_fkey foreign key (organization_id, contact_id) references app.contact (organization_id, id),
    constraint activity_campaign_fkey foreign key (organization_id, campaign_id) references app.campaign (organization_id, id),
    constraint activity_lead_fkey foreign key (organization_id, lead_id) references app.lead (organization_id, id)
) partition by range (created_at);

create index activity_lead_idx on app.activity (organization_id, lead_id, occurred_at desc) where lead_id is not null;
create index activity_contact_idx on app.activity (organization_id, contact_id, occurred_at desc) where contact_id is not null;
create index activity_campaign_idx on app.activity (organization_id, campaign_id, occurred_at) where campaign_id is not null;

create table app.notification (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references app.organization (id),
    user_id uuid not null,
    type text not null,
    title text not null,
    body text not null,
    link_entity text,
    link_id uuid,
    data jsonb not null default '{}',
    -- What a burst has in common (campaign or account) and the ten minutes it fell in: a burst is one row with a count.
    burst_key text not null,
    burst_at timestamptz not null,
    count integer not null default 1,
    read_at timestamptz,
    created_at timestamptz not null default now(),
    constraint notification_organization_id_key unique (organization_id, id),
    constraint notification_burst_key unique (organization_id, user_id, type, burst_key, burst_at),
    constraint notification_user_fkey foreign key (organization_id, user_id) references app.user (organization_id, id)
);

create index notification_list_idx on app.notification (organization_id, user_id, created_at desc, id desc);
create index notification_unread_idx on app.notification (organization_id, user_id) where read_at is null;

-- Who changed what; written in the same transaction as the change, never changed afterwards.
create table app.audit_log (
    id uuid primary key default gen_random_uuid(),
    -- Null for what concerns no organization, such as the sign-in of a platform operator.
    organization_id uuid references app.organization (id),
    actor_id uuid,
    actor_role text,
    action text not null,
    entity text not null,
    entity_id uuid,
    changes jsonb not null default '{}',
    ip inet,
    at timestamptz not null default now(),
    constraint audit_log_organization_id_key unique (organization_id, id)
);

create index audit_log_list_idx on app.audit_log (organization_id, at desc, id desc);
create index audit_log_platform_idx on app.audit_log (at desc, id desc);
