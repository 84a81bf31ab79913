create schema if not exists app;
revoke all on schema app from public;

create table app.organization (
    id uuid primary key default gen_random_uuid(),
    name text not null,
    slug text not null,
    status text not null default 'active',
    timezone text not null default 'UTC',
    settings jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint organization_slug_key unique (slug),
    constraint organization_name_check check (char_length(name) between 1 and 200),
    constraint organization_slug_check check (slug ~ '^[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?$'),
    constraint organization_status_check check (status in ('active', 'suspended')),
    constraint organization_settings_check check (jsonb_typeof(settings) = 'object')
);

create table app.tenant (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references app.organization (id),
    tenant_key text not null,
    genesys_org_id text,
    genesys_region text,
    status text not null default 'active',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint tenant_organization_key unique (organization_id),
    constraint tenant_organization_id_key unique (organization_id, id),
    -- Global by nature: outside systems know a tenant by these alone.
    constraint tenant_tenant_key_key unique (tenant_key),
    constraint tenant_genesys_org_id_key unique (genesys_org_id),
    constraint tenant_tenant_key_check check (tenant_key ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    constraint tenant_genesys_org_id_check check (char_length(genesys_org_id) between 1 and 255),
    constraint tenant_status_check check (status in ('active', 'inactive'))
);

create table app.agency (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references app.organization (id),
    name text not null,
    domain text,
    email text,
    phone text,
    website text,
    address_line1 text,
    address_line2 text,
    city text,
    region text,
    postal_code text,
    country text,
    status text not null default 'active',
    metadata jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint agency_organization_id_key unique (organization_id, id),
    constraint agency_name_check check (char_length(name) between 1 and 200),
    constraint agency_status_check check (status in ('active', 'inactive')),
    constraint agency_metadata_check check (jsonb_typeof(metadata) = 'object')
);

create table app.client (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references app.organization (id),
    agency_id uuid not null,
    name text not null,
    contact_email text,
    phone text,
    website text,
    address_line1 text,
    address_line2 text,
    city text,
    region text,
    postal_code text,
    country text,
    industry text,
    status text not null default 'active',
    google_business_profile jsonb,
    google_search_console jsonb,
    google_analytics jsonb,
    metadata jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint client_organization_id_key unique (organization_id, id),
    -- Lets a campaign or a lead name a client and its agency in one foreign key.
    constraint client_organization_agency_key unique (organization_id, agency_id, id),
    constraint client_agency_fkey foreign key (organization_id, agency_id) references app.agency (organization_id, id),
    constraint client_name_check check (char_length(name) between 1 and 200),
    constraint client_status_check check (status in ('active', 'inactive')),
    constraint client_metadata_check check (jsonb_typeof(metadata) = 'object')
);

create table app.user (
    id uuid primary key default gen_random_uuid(),
    -- Null for platform operators only: they belong to no organization.
    organization_id uuid references app.organization (id),
    email text not null,
    email_norm text not null,
    password_hash text,
    first_name text,
    last_name text,
    role text not null,
    agency_id uuid,
    client_id uuid,
    status text not null default 'active',
    last_sign_in_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint user_organization_id_key unique (organization_id, id),
    -- Global by nature: one sign-in name over the whole product.
    constraint user_email_norm_key unique (email_norm),
    constraint user_agency_fkey foreign key (organization_id, agency_id) references app.agency (organization_id, id),
    constraint user_client_fkey foreign key (organization_id, client_id) references app.client (organization_id, id),
    constraint user_email_check check (char_length(email) between 3 and 320),
    constraint user_status_check check (status in ('active', 'invited', 'disabled')),
    constraint user_role_check check (role in (
        'sb_admin', 'sb_operator', 'owner', 'admin', 'member', 'agency_admin', 'agency_staff',
        'client_admin', 'client_staff', 'client_user', 'read_only')),
    constraint user_role_organization_check check ((role in ('sb_admin', 'sb_operator')) = (organization_id is null)),
    constraint user_role_agency_check check ((role in ('agency_admin', 'agency_staff')) = (agency_id is not null)),
    constraint user_role_client_check check ((role in ('client_admin', 'client_staff', 'client_user')) = (client_id is not null))
);

create index agency_list_idx on app.agency (organization_id, created_at desc, id desc);
create index client_list_idx on app.client (organization_id, created_at desc, id desc);
create index client_agency_idx on app.client (organization_id, agency_id);
create index user_list_idx on app.user (organization_id, created_at desc, id desc);
create index user_role_idx on app.user (organization_id, role) where status = 'active';
create index user_agency_idx on app.user (organization_id, agency_id) where agency_id is not null;
create index user_client_idx on app.user (organization_id, client_id) where client_id is not null;
