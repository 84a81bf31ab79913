-- A session is a family of refresh tokens: the first one made at sign-in, each other in exchange for its parent. The family's id is the
-- id of its first token, whose row outlives the others: it stands for the session and is what changes of the family lock.
create table app.refresh_token (
    id uuid primary key default gen_random_uuid(),
    -- Null for platform operators.
    organization_id uuid references app.organization (id),
    user_id uuid not null,
    -- The access tokens' sid.
    family_id uuid not null,
    parent_id uuid,
    -- SHA-256; the token itself is shown once and not kept.
    token_hash bytea not null,
    -- What the signed-in program calls itself, for a person to tell sessions apart.
    device text,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    -- When it was exchanged for its first child.
    rotated_at timestamptz,
    -- Of the whole family.
    revoked_at timestamptz,
    constraint refresh_token_organization_id_key unique (organization_id, id),
    -- Global by nature: the token finds the user.
    constraint refresh_token_token_hash_key unique (token_hash),
    constraint refresh_token_user_fkey foreign key (organization_id, user_id) references app.user (organization_id, id),
    constraint refresh_token_device_check check (char_length(device) <= 200)
);

create index refresh_token_family_idx on app.refresh_token (family_id);
create index refresh_token_user_idx on app.refresh_token (user_id);
create index refresh_token_expires_at_idx on app.refresh_token (expires_at);

-- A link with which a person sets a password: after "forgot password", or as a new user. Single use.
create table app.password_token (
    id uuid primary key default gen_random_uuid(),
    -- Null for platform operators.
    organization_id uuid references app.organization (id),
    user_id uuid not null,
    purpose text not null,
    -- SHA-256; the token itself is mailed and not kept.
    token_hash bytea not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz,
    constraint password_token_organization_id_key unique (organization_id, id),
    -- Global by nature: the token finds the user.
    constraint password_token_token_hash_key unique (token_hash),
    constraint password_token_user_fkey foreign key (organization_id, user_id) references app.user (organization_id, id),
    constraint password_token_purpose_check check (purpose in ('reset', 'invitation'))
);

create index password_token_user_idx on app.password_token (user_id);
create index password_token_expires_at_idx on app.password_token (expires_at);

-- How often signing in failed of late, for each account that was tried, there or not, and each address it was tried from.
create table app.sign_in_attempt (
    kind text not null,
    -- Of an account the SHA-256 of the e-mail address (people type passwords into the wrong field); an IPv4 address; the /64 of an IPv6 one.
    key text not null,
    failures integer not null,
    last_failed_at timestamptz not null,
    constraint sign_in_attempt_pkey primary key (kind, key),
    constraint sign_in_attempt_kind_check check (kind in ('account', 'address')),
    constraint sign_in_attempt_failures_check check (failures >= 0)
);

create index sign_in_attempt_last_failed_at_idx on app.sign_in_attempt (last_failed_at);
