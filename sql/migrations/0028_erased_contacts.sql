-- The keys that hash the addresses of erased people. Random, of no organization, and sealed with a data key: a hash cannot be made anew without
-- the address, so its key must outlive every data key (docs/decisions/0007). The first process that needs a key makes the first one.
create table app.address_hash_key (
    id uuid not null default gen_random_uuid() constraint address_hash_key_pkey primary key,
    key_sealed bytea not null,
    created_at timestamptz not null default now()
);

-- Addresses of people whose data was erased, as keyed hashes that cannot be turned back: a person who comes back starts anew, but stays
-- suppressed, and events that were received before are not applied.
create table app.erased_contact (
    organization_id uuid not null references app.organization (id),
    hash bytea not null,
    suppression text not null,
    suppressed_at timestamptz,
    erased_at timestamptz not null,
    constraint erased_contact_pkey primary key (organization_id, hash),
    constraint erased_contact_suppression_check check (suppression in ('none', 'bounced', 'unsubscribed', 'manual'))
);

-- The hashes of an event's address, one of each key.
alter type app.webhook_effect add attribute email_hashes bytea[];

-- Contacts by their custom fields. Few contacts have any.
create index contact_custom_fields_idx on app.contact using gin (organization_id, custom_fields jsonb_path_ops) where custom_fields <> '{}';
