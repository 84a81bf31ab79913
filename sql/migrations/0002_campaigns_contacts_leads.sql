create table app.campaign (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references app.organization (id),
    agency_id uuid,
    client_id uuid,
    name text not null,
    description text,
    status text not null default 'draft',
    source text not null default 'manual',
    external_id text,
    start_date date,
    end_date date,
    started_at timestamptz,
    completed_at timestamptz,
    settings jsonb not null default '{}',
    target_audience jsonb not null default '{}',
    -- May be a platform operator, who has no organization: no foreign key, here and in every created_by.
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint campaign_organization_id_key unique (organization_id, id),
    constraint campaign_external_id_key unique (organization_id, source, external_id),
    constraint campaign_agency_fkey foreign key (organization_id, agency_id) references app.agency (organization_id, id),
    constraint campaign_client_fkey foreign key (organization_id, agency_id, client_id) references app.client (organization_id, agency_id, id)
        on update cascade,
    constraint campaign_client_check check (client_id is null or agency_id is not null),
    constraint campaign_name_check check (char_length(name) between 1 and 300),
    constraint campaign_status_check check (status in ('draft', 'active', 'paused', 'completed', 'archived')),
    constraint campaign_dates_check check (end_date >= start_date)
);

create index campaign_name_idx on app.campaign (organization_id, name, id) where deleted_at is null;
create index campaign_agency_idx on app.campaign (organization_id, agency_id) where agency_id is not null;
create index campaign_client_idx on app.campaign (organization_id, client_id) where client_id is not null;

-- A campaign's counters, spread over shards so that parallel processing does not queue on one row; readers sum them.
-- "leads", "contacted_leads" … count distinct leads; the others count events.
create table app.campaign_counter (
    organization_id uuid not null,
    campaign_id uuid not null,
    shard smallint not null,
    leads bigint not null default 0,
    contacted bigint not null default 0,
    opened bigint not null default 0,
    clicked bigint not null default 0,
    replied bigint not null default 0,
    bounced bigint not null default 0,
    unsubscribed bigint not null default 0,
    interested bigint not null default 0,
    contacted_leads bigint not null default 0,
    opened_leads bigint not null default 0,
    clicked_leads bigint not null default 0,
    replied_leads bigint not null default 0,
    bounced_leads bigint not null default 0,
    unsubscribed_leads bigint not null default 0,
    interested_leads bigint not null default 0,
    qualified_leads bigint not null default 0,
    converted_leads bigint not null default 0,
    constraint campaign_counter_pkey primary key (organization_id, campaign_id, shard),
    constraint campaign_counter_campaign_fkey foreign key (organization_id, campaign_id)
        references app.campaign (organization_id, id) on delete cascade
) with (fillfactor = 50);

create table app.contact (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references app.organization (id),
    email text,
    email_norm text,
    first_name text,
    last_name text,
    company text,
    title text,
    phone text,
    website text,
    linkedin_url text,
    city text,
    region text,
    country text,
    lead_score smallint not null default 0,
    suppression text not null default 'none',
    suppressed_at timestamptz,
    custom_fields jsonb not null default '{}',
    tags text[] not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint contact_organization_id_key unique (organization_id, id),
    constraint contact_email_norm_key unique (organization_id, email_norm),
    constraint contact_email_check check ((email is null) = (email_norm is null) and char_length(email) <= 320),
    constraint contact_lead_score_check check (lead_score between 0 and 100),
    constraint contact_suppression_check check (suppression in ('none', 'bounced', 'unsubscribed', 'manual')),
    constraint contact_suppressed_at_check check ((suppression = 'none') = (suppressed_at is null))
);

create index contact_list_idx on app.contact (organization_id, created_at desc, id desc);

create table app.lead (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references app.organization (id),
    contact_id uuid not null,
    campaign_id uuid,
    -- The agency and client the lead is worked for, taken from its campaign or client: what row-level security scopes by. A client's
    -- rows are always its agency's too, here and in app.campaign, and move along when the client moves to another agency.
    agency_id uuid,
    client_id uuid,
    status text not null default 'new',
    interest text,
    interest_label text,
    -- When the fact behind the interest happened; only a newer one replaces it.
    interest_at timestamptz,
    priority text not null default 'medium',
    qualification_score smallint,
    qualification_data jsonb,
    practice_area text,
    source text,
    source_data jsonb not null default '{}',
    company_data jsonb not null default '{}',
    custom_fields jsonb not null default '{}',
    tags text[] not null default '{}',
    assigned_to uuid,
    created_by uuid,
    score smallint not null default 0,
    sent_count integer not null default 0,
    opened_count integer not null default 0,
    clicked_count integer not null default 0,
    replied_count integer not null default 0,
    bounced_count integer not null default 0,
    unsubscribed_count integer not null default 0,
    interested_count integer not null default 0,
    last_activity_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint lead_organization_id_key unique (organization_id, id),
    constraint lead_contact_fkey foreign key (organization_id, contact_id) references app.contact (organization_id, id),
    constraint lead_campaign_fkey foreign key (organization_id, campaign_id) references app.campaign (organization_id, id),
    constraint lead_agency_fkey foreign key (organization_id, agency_id) references app.agency (organization_id, id),
    constraint lead_client_fkey foreign key (organization_id, agency_id, client_id) references app.client (organization_id, agency_id, id)
        on update cascade,
    constraint lead_client_check check (client_id is null or agency_id is not null),
    constraint lead_assigned_to_fkey foreign key (organization_id, assigned_to) references app.user (organization_id, id),
    constraint lead_status_check check (status in ('new', 'contacted', 'responded', 'qualified', 'converted', 'rejected')),
    constraint lead_interest_check check (interest in (
        'interested', 'interested_maybe', 'neutral', 'not_interested', 'meeting_booked', 'meeting_completed',
        'meeting_cancelled', 'no_show', 'out_of_office', 'wrong_person', 'label')),
    constraint lead_interest_at_check check ((interest is null) = (interest_at is null)),
    constraint lead_priority_check check (priority in ('low', 'medium', 'high', 'urgent')),
    constraint lead_qualification_score_check check (qualification_score between 1 and 5),
    constraint lead_score_check check (score between 0 and 100)
);

-- One live lead per contact and campaign.
create unique index lead_contact_campaign_key on app.lead (organization_id, contact_id, campaign_id) where deleted_at is null;
-- All leads of a contact, the deleted too: what erasing a contact looks up.
create index lead_contact_idx on app.lead (organization_id, contact_id);
create index lead_list_idx on app.lead (organization_id, created_at desc, id desc) where deleted_at is null;
create index lead_campaign_idx on app.lead (organization_id, campaign_id, created_at desc) where deleted_at is null;
create index lead_agency_idx on app.lead (organization_id, agency_id) where agency_id is not null;
create index lead_client_idx on app.lead (organization_id, client_id) where client_id is not null;
create index lead_assigned_to_idx on app.lead (organization_id, assigned_to) where deleted_at is null and assigned_to is not null;

create table app.user_campaign_assignment (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references app.organization (id),
    user_id uuid not null,
    campaign_id uuid not null,
    role text not null default 'member',
    can_edit boolean not null default false,
    can_view_stats boolean not null default true,
    can_manage_contacts boolean not null default false,
    status text not null default 'active',
    assigned_by uuid,
    assigned_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint user_campaign_assignment_organization_id_key unique (organization_id, id),
    constraint user_campaign_assignment_pair_key unique (organization_id, user_id, campaign_id),
    constraint user_campaign_assignment_user_fkey foreign key (organization_id, user_id) references app.user (organization_id, id),
    constraint user_campaign_assignment_campaign_fkey foreign key (organization_id, campaign_id) references app.campaign (organization_id, id),
    constraint user_campaign_assignment_role_check check (role in ('owner', 'admin', 'member', 'viewer')),
    constraint user_campaign_assignment_status_check check (status in ('active', 'inactive', 'revoked'))
);

create index user_campaign_assignment_campaign_idx on app.user_campaign_assignment (organization_id, campaign_id);

create table app.user_contact_assignment (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references app.organization (id),
    user_id uuid not null,
    contact_id uuid not null,
    assignment_type text not null default 'manual',
    is_primary_owner boolean not null default true,
    ownership_percentage smallint not null default 100,
    status text not null default 'active',
    last_contacted_at timestamptz,
    next_followup_at timestamptz,
    interactions_count integer not null default 0,
    assigned_by uuid,
    assigned_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint user_contact_assignment_organization_id_key unique (organization_id, id),
    constraint user_contact_assignment_pair_key unique (organization_id, user_id, contact_id),
    constraint user_contact_assignment_user_fkey foreign key (organization_id, user_id) references app.user (organization_id, id),
    constraint user_contact_assignment_contact_fkey foreign key (organization_id, contact_id) references app.contact (organization_id, id),
    constraint user_contact_assignment_type_check check (assignment_type in ('manual', 'round_robin', 'lead_score', 'territory')),
    constraint user_contact_assignment_percentage_check check (ownership_percentage between 0 and 100),
    constraint user_contact_assignment_status_check check (status in ('active', 'inactive', 'transferred'))
);

create unique index user_contact_assignment_primary_key on app.user_contact_assignment (organization_id, contact_id)
    where status = 'active' and is_primary_owner;
create index user_contact_assignment_contact_idx on app.user_contact_assignment (organization_id, contact_id);
