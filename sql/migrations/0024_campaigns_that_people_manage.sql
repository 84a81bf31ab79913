-- What the list of campaigns needs, as other lists have it: version is what an ETag names, sort_name what a list sorted by name compares,
-- search_text what a search term is looked for in.
alter table app.campaign
    add column version bigint not null default 1,
    add column sort_name text collate app.name_order generated always as (app.sort_text(name)) stored,
    add column search_text text generated always as (app.search_text(name || e'\n' || coalesce(external_id, ''))) stored;

create index campaign_created_at_idx on app.campaign (organization_id, created_at, id) where deleted_at is null;
create index campaign_updated_at_idx on app.campaign (organization_id, updated_at, id) where deleted_at is null;
create index campaign_sort_name_idx on app.campaign (organization_id, sort_name, id) where deleted_at is null;
create index campaign_status_idx on app.campaign (organization_id, status) where deleted_at is null;
create index campaign_search_idx on app.campaign using gin (organization_id, search_text gin_trgm_ops);
-- Read by the list of the same order now.
drop index app.campaign_name_idx;

-- Each change of a lead's status, and what it was when the lead was created: reports count how many leads became qualified in a period, and
-- tell how long a lead has had its status. Written by a trigger of app.lead.
create table app.lead_status_change (
    organization_id uuid not null,
    lead_id uuid not null,
    -- The order of a lead's changes.
    number bigint generated always as identity,
    -- Null: the lead was created with the status.
    previous_status text,
    status text not null,
    at timestamptz not null,
    constraint lead_status_change_pkey primary key (organization_id, lead_id, number),
    constraint lead_status_change_lead_fkey foreign key (organization_id, lead_id) references app.lead (organization_id, id) on delete cascade,
    constraint lead_status_change_status_check check (status in ('new', 'contacted', 'responded', 'qualified', 'converted', 'rejected'))
);

create index lead_status_change_at_idx on app.lead_status_change (organization_id, status, at) where status in ('qualified', 'converted', 'rejected');

-- When older leads reached their status is not known: their last change is the closest.
insert into app.lead_status_change (organization_id, lead_id, status, at)
select l.organization_id, l.id, l.status, case l.status when 'new' then l.created_at else l.updated_at end
from app.lead l;
