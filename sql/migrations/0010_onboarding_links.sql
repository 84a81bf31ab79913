-- A secret URL that walks a person without an account through onboarding.
create table app.onboarding_link (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references app.organization (id),
    -- SHA-256 of the token, to look it up by.
    token_hash bytea not null,
    -- The token as an AES-256-GCM envelope, so that an administrator can copy the link again.
    token_sealed bytea not null,
    template_id uuid,
    template_name text not null default 'Basic Onboarding',
    welcome_message text not null default 'Welcome to Salesbrain!',
    -- As the timer or a person left it; app.onboarding_link_status says what it is at a time.
    status text not null default 'active',
    expires_at timestamptz not null,
    clicks_count integer not null default 0,
    first_accessed_at timestamptz,
    last_accessed_at timestamptz,
    completed_at timestamptz,
    current_step integer not null default 1,
    total_steps integer not null default 5,
    progress_percentage integer not null default 0,
    revoked_at timestamptz,
    revoked_by uuid,
    revoked_reason text,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint onboarding_link_organization_id_key unique (organization_id, id),
    -- Global by nature: the token finds the organization.
    constraint onboarding_link_token_hash_key unique (token_hash),
    constraint onboarding_link_template_name_check check (char_length(template_name) between 1 and 200),
    constraint onboarding_link_welcome_message_check check (char_length(welcome_message) between 1 and 2000),
    constraint onboarding_link_status_check check (status in ('active', 'expired', 'used', 'revoked')),
    constraint onboarding_link_total_steps_check check (total_steps between 1 and 50),
    constraint onboarding_link_current_step_check check (current_step between 1 and total_steps),
    constraint onboarding_link_progress_percentage_check check (progress_percentage between 0 and 100),
    constraint onboarding_link_completed_at_check check ((status = 'used') = (completed_at is not null)),
    constraint onboarding_link_revoked_at_check check ((status = 'revoked') = (revoked_at is not null))
);

create index onboarding_link_list_idx on app.onboarding_link (organization_id, created_at desc, id desc);
create index onboarding_link_platform_idx on app.onboarding_link (created_at desc, id desc);
-- What the timer has to expire next.
create index onboarding_link_due_idx on app.onboarding_link (expires_at) where status = 'active';

-- One row for each time that somebody, or something, opened a link; the newest 100 of a link are kept.
create table app.onboarding_link_access (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references app.organization (id),
    link_id uuid not null,
    -- A whole address for 30 days, then its network: /24, or /48 of IPv6.
    ip inet,
    user_agent text,
    -- prefetch = not a person: HEAD, and what previews or checks links in messages.
    kind text not null,
    at timestamptz not null,
    constraint onboarding_link_access_organization_id_key unique (organization_id, id),
    constraint onboarding_link_access_link_fkey foreign key (organization_id, link_id) references app.onboarding_link (organization_id, id),
    constraint onboarding_link_access_user_agent_check check (char_length(user_agent) <= 500),
    constraint onboarding_link_access_kind_check check (kind in ('open', 'prefetch'))
);

create index onboarding_link_access_link_idx on app.onboarding_link_access (organization_id, link_id, at desc, id desc);
-- Addresses that are still whole.
create index onboarding_link_access_ip_age_idx on app.onboarding_link_access (at) where masklen(ip) in (32, 128);

-- How often an address (IPv6: its /64) has asked for links that do not exist since its count began. Unlogged: a guess costs no write to
-- disk, and counts that a crash forgets begin again.
create unlogged table app.onboarding_guess (
    address inet not null,
    guesses integer not null,
    ends_at timestamptz not null,
    constraint onboarding_guess_pkey primary key (address)
);

create index onboarding_guess_age_idx on app.onboarding_guess (ends_at);
