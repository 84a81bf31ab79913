-- version is what an ETag names: app.raise_version raises it with every change. sort_name is what a list sorted by name compares, short
-- enough for an index and a cursor. search_text is what a search term is looked for in, in lower case, one field a line.
alter table app.organization
    add column version bigint not null default 1,
    add column sort_name text generated always as (left(lower(name), 100)) stored,
    add column search_text text generated always as (lower(name || e'\n' || slug)) stored;

alter table app.agency
    add column version bigint not null default 1,
    add column sort_name text generated always as (left(lower(name), 100)) stored,
    add column search_text text generated always as (
        lower(name || e'\n' || coalesce(domain, '') || e'\n' || coalesce(email, '') || e'\n' || coalesce(city, ''))) stored;

alter table app.client
    add column version bigint not null default 1,
    add column sort_name text generated always as (left(lower(name), 100)) stored,
    add column search_text text generated always as (
        lower(name || e'\n' || coalesce(contact_email, '') || e'\n' || coalesce(industry, '') || e'\n' || coalesce(city, ''))) stored;

alter table app.user
    add column version bigint not null default 1,
    -- Null for somebody without a name.
    add column sort_name text generated always as (
        left(lower(nullif(btrim(coalesce(last_name, '') || ' ' || coalesce(first_name, '')), '')), 100)) stored,
    add column search_text text generated always as (
        lower(coalesce(first_name, '') || ' ' || coalesce(last_name, '') || e'\n' || email)) stored;

-- Each list in each of its orders: within an organization, and for platform operators over all of them. One index serves both directions,
-- because lists that are sorted by what may be null read the rows that have it and the rows that lack it one after the other.
create index organization_created_at_idx on app.organization (created_at, id);
create index organization_updated_at_idx on app.organization (updated_at, id);
create index organization_sort_name_idx on app.organization (sort_name, id);
create index organization_search_idx on app.organization using gin (search_text gin_trgm_ops);

create index agency_updated_at_idx on app.agency (organization_id, updated_at, id);
create index agency_sort_name_idx on app.agency (organization_id, sort_name, id);
create index agency_all_created_at_idx on app.agency (created_at, id);
create index agency_all_updated_at_idx on app.agency (updated_at, id);
create index agency_all_sort_name_idx on app.agency (sort_name, id);
create index agency_status_idx on app.agency (organization_id, status) where status <> 'active';
create index agency_search_idx on app.agency using gin (organization_id, search_text gin_trgm_ops);

create index client_updated_at_idx on app.client (organization_id, updated_at, id);
create index client_sort_name_idx on app.client (organization_id, sort_name, id);
create index client_all_created_at_idx on app.client (created_at, id);
create index client_all_updated_at_idx on app.client (updated_at, id);
create index client_all_sort_name_idx on app.client (sort_name, id);
create index client_status_idx on app.client (organization_id, status) where status <> 'active';
create index client_search_idx on app.client using gin (organization_id, search_text gin_trgm_ops);

create index user_updated_at_idx on app.user (organization_id, updated_at, id);
create index user_sort_name_idx on app.user (organization_id, sort_name, id);
create index user_email_idx on app.user (organization_id, email_norm, id);
create index user_last_sign_in_at_idx on app.user (organization_id, last_sign_in_at, id);
create index user_all_created_at_idx on app.user (created_at, id);
create index user_all_updated_at_idx on app.user (updated_at, id);
create index user_all_sort_name_idx on app.user (sort_name, id);
create index user_all_last_sign_in_at_idx on app.user (last_sign_in_at, id);
create index user_all_role_idx on app.user (role, organization_id);
create index user_status_idx on app.user (organization_id, status) where status <> 'active';
create index user_search_idx on app.user using gin (organization_id, search_text gin_trgm_ops);

-- The audit log by each of its filters, newest first. Somebody's or something's own entries are few, whoever looks.
create index audit_log_actor_idx on app.audit_log (actor_id, at desc, id desc);
create index audit_log_entity_id_idx on app.audit_log (entity_id, at desc, id desc) where entity_id is not null;
create index audit_log_action_idx on app.audit_log (organization_id, action, at desc, id desc);
create index audit_log_entity_idx on app.audit_log (organization_id, entity, at desc, id desc);
create index audit_log_all_action_idx on app.audit_log (action, at desc, id desc);
create index audit_log_all_entity_idx on app.audit_log (entity, at desc, id desc);

-- Leads are sorted and searched by their contacts' names as well. Those stay with the contact, which changes seldom: a copy in the lead would
-- be written with every event.
alter table app.contact
    add column sort_last_name text generated always as (left(lower(nullif(btrim(last_name), '')), 100)) stored,
    add column sort_company text generated always as (left(lower(nullif(btrim(company), '')), 100)) stored,
    add column search_text text generated always as (
        coalesce(email_norm, '') || e'\n' || lower(coalesce(first_name, '') || ' ' || coalesce(last_name, '') || e'\n' || coalesce(company, ''))) stored;

create index contact_sort_last_name_idx on app.contact (organization_id, sort_last_name);
create index contact_sort_company_idx on app.contact (organization_id, sort_company);
-- E-mail addresses alone are found by it too: one index to write for each new contact.
drop index app.contact_search_idx;
create index contact_search_idx on app.contact using gin (organization_id, search_text gin_trgm_ops);

-- Statuses and priorities in the order that work goes through them.
alter table app.lead
    add column sort_status smallint generated always as (
        case status when 'new' then 1 when 'contacted' then 2 when 'responded' then 3 when 'qualified' then 4 when 'converted' then 5 else 6 end) stored,
    add column sort_priority smallint generated always as (
        case priority when 'low' then 1 when 'medium' then 2 when 'high' then 3 else 4 end) stored;

create index lead_updated_at_idx on app.lead (organization_id, updated_at, id) where deleted_at is null;
create index lead_last_activity_at_idx on app.lead (organization_id, last_activity_at, id) where deleted_at is null;
create index lead_score_idx on app.lead (organization_id, score, id) where deleted_at is null;
create index lead_sort_status_idx on app.lead (organization_id, sort_status, id) where deleted_at is null;
create index lead_sort_priority_idx on app.lead (organization_id, sort_priority, id) where deleted_at is null;
-- What few leads have costs the others nothing.
create index lead_interest_idx on app.lead (organization_id, interest) where deleted_at is null and interest is not null;
create index lead_practice_area_idx on app.lead (organization_id, practice_area) where deleted_at is null and practice_area is not null;
create index lead_tags_idx on app.lead using gin (organization_id, tags) where deleted_at is null and tags <> '{}';
