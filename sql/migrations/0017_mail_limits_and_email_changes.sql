-- Mails that were sent or requested lately, for the limits on them.
create table app.mail_limit (
    kind text not null,
    -- Of an account or a recipient the SHA-256 of the e-mail address; an IPv4 address; the /64 of an IPv6 one.
    key text not null,
    -- The times within the limit's period, oldest first: at most as many as the limit allows.
    counted_at timestamptz[] not null,
    last_counted_at timestamptz not null,
    constraint mail_limit_pkey primary key (kind, key),
    constraint mail_limit_kind_check check (kind in ('invitation', 'email_change', 'reset_account', 'reset_address'))
);

create index mail_limit_last_counted_at_idx on app.mail_limit (last_counted_at);

-- The new e-mail address of a user, until it is confirmed with the link that was mailed to it. One per user, single use.
create table app.email_change (
    id uuid primary key default gen_random_uuid(),
    -- Null for platform operators.
    organization_id uuid references app.organization (id),
    user_id uuid not null,
    email text not null,
    email_norm text not null,
    -- The user, or the administrator who changes the address for them.
    requested_by uuid not null,
    -- SHA-256; the token itself is mailed and not kept.
    token_hash bytea not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    constraint email_change_organization_id_key unique (organization_id, id),
    constraint email_change_user_key unique nulls not distinct (organization_id, user_id),
    -- Global by nature: the token finds the user.
    constraint email_change_token_hash_key unique (token_hash),
    constraint email_change_user_fkey foreign key (organization_id, user_id) references app.user (organization_id, id),
    constraint email_change_email_check check (char_length(email) between 3 and 320)
);

create index email_change_user_idx on app.email_change (user_id);
create index email_change_expires_at_idx on app.email_change (expires_at);
