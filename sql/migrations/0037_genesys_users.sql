-- The agents who sign in with Genesys Cloud, each a user of the organization.
create table app.genesys_user (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references app.organization (id),
    user_id uuid not null,
    genesys_user_id text not null,
    genesys_org_id text not null,
    name text,
    -- As Genesys gives it. People can change it there unchecked, so it never finds an account.
    email text,
    division_id text,
    division_name text,
    -- As Genesys gave it at the last sign-in.
    state text not null,
    last_sign_in_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint genesys_user_organization_id_key unique (organization_id, id),
    constraint genesys_user_user_key unique (organization_id, user_id),
    -- Global by nature: it finds the user at sign-in.
    constraint genesys_user_genesys_user_id_key unique (genesys_user_id),
    constraint genesys_user_user_fkey foreign key (organization_id, user_id) references app.user (organization_id, id),
    constraint genesys_user_genesys_user_id_check check (char_length(genesys_user_id) between 1 and 255)
);

-- Marks the sessions that began with Genesys. Goes with the session's first refresh token.
create table app.genesys_user_session (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references app.organization (id),
    session_id uuid not null,
    user_id uuid not null,
    genesys_user_id uuid not null,
    region text not null,
    created_at timestamptz not null default now(),
    constraint genesys_user_session_organization_id_key unique (organization_id, id),
    constraint genesys_user_session_session_fkey foreign key (organization_id, session_id) references app.refresh_token (organization_id, id) on delete cascade,
    constraint genesys_user_session_user_fkey foreign key (organization_id, user_id) references app.user (organization_id, id),
    constraint genesys_user_session_genesys_user_fkey foreign key (organization_id, genesys_user_id) references app.genesys_user (organization_id, id)
);

create index genesys_user_session_session_idx on app.genesys_user_session (organization_id, session_id);
create index genesys_user_session_genesys_user_idx on app.genesys_user_session (organization_id, genesys_user_id);
create index genesys_user_session_user_idx on app.genesys_user_session (organization_id, user_id);

-- Sign-ins that came back from Genesys: each state is used once, and a code that the portal exchanges for tokens follows a successful one.
create table app.genesys_sign_in (
    -- SHA-256; the state itself is in the browser.
    state_hash bytea primary key,
    expires_at timestamptz not null,
    -- SHA-256; the code itself goes to the portal.
    code_hash bytea,
    code_expires_at timestamptz,
    code_used_at timestamptz,
    -- Who the code signs in.
    user_id uuid,
    region text not null,
    constraint genesys_sign_in_code_hash_key unique (code_hash),
    constraint genesys_sign_in_code_check check ((code_hash is null) = (code_expires_at is null) and (code_hash is null) = (user_id is null))
);

create index genesys_sign_in_expires_at_idx on app.genesys_sign_in (expires_at);
