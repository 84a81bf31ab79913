-- Where an organization imports leads from, and the jobs that import them.

create table app.data_source (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references app.organization (id),
    -- Null: a source of the whole organization, which its agencies may use too.
    agency_id uuid,
    name text not null,
    type text not null,
    status text not null default 'untested',
    config jsonb not null default '{}',
    credentials_sealed bytea,
    credentials_last4 text,
    requests_per_minute integer,
    -- When the next request may be sent; null: now. Only of sources with a limit.
    next_request_at timestamptz,
    -- The uploaded file that new jobs read; only of type csv.
    file_id uuid,
    tested_at timestamptz,
    test_ok boolean,
    test_code text,
    test_message text,
    test_latency_ms integer,
    -- Changed by the transaction that ends a job.
    jobs_total bigint not null default 0,
    jobs_completed bigint not null default 0,
    jobs_failed bigint not null default 0,
    leads_created bigint not null default 0,
    leads_updated bigint not null default 0,
    last_job_at timestamptz,
    created_by uuid,
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    -- A deleted source keeps its name for its jobs, and loses its credentials.
    deleted_at timestamptz,
    sort_name text collate app.name_order generated always as (app.sort_text(name)) stored,
    search_text text generated always as (app.search_text(name)) stored,
    constraint data_source_organization_id_key unique (organization_id, id),
    constraint data_source_agency_fkey foreign key (organization_id, agency_id) references app.agency (organization_id, id),
    constraint data_source_name_check check (char_length(name) between 1 and 200),
    constraint data_source_type_check check (type in ('linkedin', 'apollo', 'zoominfo', 'api', 'csv')),
    constraint data_source_status_check check (status in ('untested', 'active', 'error', 'disabled')),
    constraint data_source_requests_check check (requests_per_minute between 1 and 100000),
    constraint data_source_deleted_check check (deleted_at is null or credentials_sealed is null)
);

create index data_source_sort_name_idx on app.data_source (organization_id, sort_name, id) where deleted_at is null;
create index data_source_type_idx on app.data_source (organization_id, type, id) where deleted_at is null;
create index data_source_status_idx on app.data_source (organization_id, status, id) where deleted_at is null;
create index data_source_created_at_idx on app.data_source (organization_id, created_at, id) where deleted_at is null;
create index data_source_last_job_at_idx on app.data_source (organization_id, last_job_at, id) where deleted_at is null;
create index data_source_agency_idx on app.data_source (organization_id, agency_id) where agency_id is not null;
create index data_source_search_idx on app.data_source using gin (organization_id, search_text gin_trgm_ops);

create table app.import_job (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references app.organization (id),
    data_source_id uuid not null,
    -- Where its leads go: a campaign, or a client without a campaign. The agency and client are who may see the job.
    campaign_id uuid,
    agency_id uuid,
    client_id uuid,
    name text not null,
    parameters jsonb not null default '{}',
    file_id uuid,
    status text not null default 'pending',
    -- What a user asked for while a worker had the job: the worker does it after the current page.
    requested text,
    requested_by uuid,
    -- Where the next page begins; null before the first page. A JSON text that only the source's adapter reads.
    cursor jsonb,
    -- Failed attempts of the current page.
    attempt integer not null default 0,
    -- Pages in a row without a row that the job had not seen.
    empty_pages smallint not null default 0,
    -- The largest line with a problem so far: a page with problems of later lines is a new one.
    last_problem_line bigint not null default 0,
    lease_owner uuid,
    lease_until timestamptz,
    -- Raised by every claim and every change of the status. Each write of a worker names the number of its claim, so that a stale one changes nothing.
    fence bigint not null default 0,
    next_run_at timestamptz,
    -- Since when the job waits for a worker.
    waiting_since timestamptz,
    -- When a worker last took the job: organizations take turns by it.
    claimed_at timestamptz,
    processed bigint not null default 0,
    total bigint,
    created bigint not null default 0,
    updated bigint not null default 0,
    skipped bigint not null default 0,
    failed bigint not null default 0,
    credits bigint not null default 0,
    -- What the metrics of the source contain of the job already.
    counted_created bigint not null default 0,
    counted_updated bigint not null default 0,
    -- How long workers have worked on pages.
    worked_ms bigint not null default 0,
    error_code text,
    error_message text,
    created_by uuid,
    started_by uuid,
    -- Who asked for the last change of the status; null: the system.
    changed_by uuid,
    state_number integer not null default 1,
    log_seq bigint not null default 0,
    started_at timestamptz,
    paused_at timestamptz,
    completed_at timestamptz,
    failed_at timestamptz,
    cancelled_at timestamptz,
    -- When the job was undone as a whole, and what undoing has done so far.
    undone_at timestamptz,
    undo_reversed bigint not null default 0,
    undo_restored bigint not null default 0,
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint import_job_organization_id_key unique (organization_id, id),
    constraint import_job_data_source_fkey foreign key (organization_id, data_source_id) references app.data_source (organization_id, id),
    constraint import_job_campaign_fkey foreign key (organization_id, campaign_id) references app.campaign (organization_id, id),
    constraint import_job_agency_fkey foreign key (organization_id, agency_id) references app.agency (organization_id, id),
    constraint import_job_client_fkey foreign key (organization_id, agency_id, client_id) references app.client (organization_id, agency_id, id)
        on update cascade,
    constraint import_job_client_check check (client_id is null or agency_id is not null),
    constraint import_job_name_check check (char_length(name) between 1 and 300),
    constraint import_job_status_check check (status in ('pending', 'running', 'paused', 'completed', 'failed', 'cancelled')),
    constraint import_job_requested_check check (requested in ('pause', 'cancel')),
    constraint import_job_requested_status_check check (requested is null or status = 'running'),
    constraint import_job_lease_check check ((lease_owner is null) = (lease_until is null) and (lease_owner is null or status = 'running')),
    constraint import_job_counts_check check (processed = created + updated + skipped + failed)
);

create index import_job_created_at_idx on app.import_job (organization_id, created_at, id);
create index import_job_updated_at_idx on app.import_job (organization_id, updated_at, id);
create index import_job_data_source_idx on app.import_job (organization_id, data_source_id, created_at, id);
create index import_job_campaign_idx on app.import_job (organization_id, campaign_id) where campaign_id is not null;
create index import_job_agency_idx on app.import_job (organization_id, agency_id) where agency_id is not null;
create index import_job_client_idx on app.import_job (organization_id, client_id) where client_id is not null;
-- What a worker looks for, over all organizations.
create index import_job_running_idx on app.import_job (waiting_since, id) where status = 'running';
create index import_job_claimed_at_idx on app.import_job (organization_id, claimed_at) where claimed_at is not null;
create index import_job_paused_idx on app.import_job (paused_at) where status = 'paused';

-- What a job was, since when, and by whom. Written by a trigger of app.import_job.
create table app.import_job_state (
    organization_id uuid not null,
    job_id uuid not null,
    number integer not null,
    status text not null,
    at timestamptz not null,
    -- Null: the system.
    changed_by uuid,
    code text,
    constraint import_job_state_pkey primary key (organization_id, job_id, number),
    constraint import_job_state_job_fkey foreign key (organization_id, job_id) references app.import_job (organization_id, id) on delete cascade
);

create table app.import_job_log (
    organization_id uuid not null,
    job_id uuid not null,
    -- From 1, without gaps: taken while the job's row is locked, so a reader that asks for what comes after a number misses nothing.
    seq bigint not null,
    at timestamptz not null,
    level text not null,
    message text not null,
    data jsonb not null default '{}',
    constraint import_job_log_pkey primary key (organization_id, job_id, seq),
    constraint import_job_log_job_fkey foreign key (organization_id, job_id) references app.import_job (organization_id, id) on delete cascade,
    constraint import_job_log_level_check check (level in ('debug', 'info', 'warning', 'error')),
    constraint import_job_log_message_check check (char_length(message) between 1 and 1000)
);

-- Old logs are deleted by their age, over all organizations.
create index import_job_log_at_idx on app.import_job_log (at);

-- What a job did to a lead and its contact: what undoing needs, and how a page is known to bring nothing new.
create table app.import_job_row (
    organization_id uuid not null,
    job_id uuid not null,
    lead_id uuid not null,
    contact_id uuid not null,
    contact_created boolean not null,
    lead_created boolean not null,
    -- The values that the job replaced and those that it wrote, by column; null: none.
    contact_before jsonb,
    contact_after jsonb,
    source_data_before jsonb,
    source_data_after jsonb,
    -- The versions that the job left. Null: it changed nothing.
    contact_version bigint,
    lead_version bigint,
    at timestamptz not null,
    -- Why undoing kept the row; null: not undone yet.
    kept text,
    constraint import_job_row_pkey primary key (organization_id, job_id, lead_id),
    constraint import_job_row_job_fkey foreign key (organization_id, job_id) references app.import_job (organization_id, id) on delete cascade,
    constraint import_job_row_contact_fkey foreign key (organization_id, contact_id) references app.contact (organization_id, id) on delete cascade
);

create index import_job_row_contact_idx on app.import_job_row (organization_id, contact_id);
create index import_job_row_at_idx on app.import_job_row (at);

-- The ids that sources have for a contact. A vendor's ids are the same in all sources of the vendor, others belong to one source:
-- source is the vendor (apollo) or the source (api:<id>).
create table app.contact_external_id (
    organization_id uuid not null,
    source text not null,
    external_id text not null,
    contact_id uuid not null,
    created_at timestamptz not null,
    constraint contact_external_id_pkey primary key (organization_id, source, external_id),
    constraint contact_external_id_contact_fkey foreign key (organization_id, contact_id)
        references app.contact (organization_id, id) on delete cascade
);

create index contact_external_id_contact_idx on app.contact_external_id (organization_id, contact_id);

-- A person of a page, as app.apply_import_page takes them. Empty values are null.
create type app.import_person as (
    number integer,
    -- The first person of the page with the same identifier; itself if there is none.
    leader integer,
    new_contact_id uuid,
    new_lead_id uuid,
    external_id text,
    email text,
    email_norm text,
    first_name text,
    last_name text,
    company text,
    title text,
    phone text,
    linkedin_url text,
    city text,
    region text,
    country text,
    source_data jsonb,
    -- The hashes of the address, one of each key: by them a person is recognized whose data was erased.
    email_hashes bytea[]
);
