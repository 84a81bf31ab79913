-- The files that users uploaded to data sources. Their content is in blob storage or, in development, in a folder.

create table app.data_source_file (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references app.organization (id),
    data_source_id uuid not null,
    -- As the data source's.
    agency_id uuid,
    name text not null,
    size_bytes bigint not null,
    rows bigint not null,
    sha256 text not null,
    created_by uuid,
    created_at timestamptz not null default now(),
    -- The content is gone.
    deleted_at timestamptz,
    constraint data_source_file_organization_id_key unique (organization_id, id),
    constraint data_source_file_source_fkey foreign key (organization_id, data_source_id) references app.data_source (organization_id, id),
    constraint data_source_file_agency_fkey foreign key (organization_id, agency_id) references app.agency (organization_id, id),
    constraint data_source_file_name_check check (char_length(name) between 1 and 200)
);

create index data_source_file_source_idx on app.data_source_file (organization_id, data_source_id);
create index data_source_file_agency_idx on app.data_source_file (organization_id, agency_id) where agency_id is not null;
-- Old files are deleted by their age, over all organizations.
create index data_source_file_created_at_idx on app.data_source_file (created_at) where deleted_at is null;
create index import_job_file_idx on app.import_job (organization_id, file_id) where file_id is not null;

-- When the connection was tested within the last minute.
alter table app.data_source add column tests_at timestamptz[] not null default '{}';
