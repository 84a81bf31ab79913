-- Contacts that people list and change. version is what an ETag names.
alter table app.contact add column version bigint not null default 1;

-- Each order of the list, by id within equal keys; created_at has its index already. The first two also serve the list of leads.
create index contact_last_name_idx on app.contact (organization_id, sort_last_name, id);
create index contact_company_idx on app.contact (organization_id, sort_company, id);
create index contact_updated_at_idx on app.contact (organization_id, updated_at, id);
create index contact_email_idx on app.contact (organization_id, email_norm, id);
drop index app.contact_sort_last_name_idx;
drop index app.contact_sort_company_idx;

-- What few contacts have costs the others nothing.
create index contact_suppression_idx on app.contact (organization_id, suppression) where suppression <> 'none';
create index contact_country_idx on app.contact (organization_id, country) where country is not null;
create index contact_tags_idx on app.contact using gin (organization_id, tags) where tags <> '{}';
