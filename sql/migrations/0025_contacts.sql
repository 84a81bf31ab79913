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

-- Contacts that were merged into others: the id that is gone, and the contact that has taken its place. Merging that one into another moves its
-- rows here, so that every former id leads to its contact in one step.
create table app.contact_forwarding (
    organization_id uuid not null,
    former_id uuid not null,
    contact_id uuid not null,
    merged_at timestamptz not null,
    constraint contact_forwarding_pkey primary key (organization_id, former_id),
    constraint contact_forwarding_contact_fkey foreign key (organization_id, contact_id) references app.contact (organization_id, id) on delete cascade
);

create index contact_forwarding_contact_idx on app.contact_forwarding (organization_id, contact_id);
-- Platform operators look up an id without its organization.
create index contact_forwarding_former_idx on app.contact_forwarding (former_id);

-- Further addresses of a contact: those of the contacts that were merged into it. No other contact can have them (app.check_former_email).
create table app.contact_former_email (
    organization_id uuid not null,
    email_norm text not null,
    email text not null,
    contact_id uuid not null,
    created_at timestamptz not null,
    constraint contact_former_email_pkey primary key (organization_id, email_norm),
    constraint contact_former_email_contact_fkey foreign key (organization_id, contact_id) references app.contact (organization_id, id) on delete cascade
);

create index contact_former_email_contact_idx on app.contact_former_email (organization_id, contact_id);
create index contact_former_email_search_idx on app.contact_former_email using gin (organization_id, app.search_text(email_norm) gin_trgm_ops);

-- A log keeps the id of a contact that was merged: it leads to the one it was merged into. Nothing has to rewrite logs, which processors lock
-- before contacts, while it holds a contact.
alter table app.webhook_log drop constraint webhook_log_contact_fkey;

-- The notifications about a lead or contact.
create index notification_link_idx on app.notification (organization_id, link_id) where link_id is not null;

-- Columns keep what these two functions return. So they are never replaced: a change takes another name and new columns.

-- What is equal in all URLs of a person's LinkedIn profile: the name in it. Null for other URLs.
create function app.linkedin_key(url text) returns text
language sql immutable parallel safe
return left(lower(substring(url from '^\s*(?:[Hh][Tt][Tt][Pp][Ss]?://)?(?:[A-Za-z0-9-]+\.)*[Ll]inked[Ii]n\.com/(?:[A-Za-z]{2}/)?in/([^/?#\s]+)') collate pg_c_utf8), 200);

-- What is equal for people of one name and phone number, however the number is written: its last nine digits and the name. Null without a name or
-- at least seven digits.
create function app.person_key(phone text, first_name text, last_name text) returns text
language sql immutable parallel safe
return (
    select case when length(p.digits) >= 7 and p.name <> '' then right(p.digits, 9) || ' ' || left(p.name, 200) end
    from (select
        regexp_replace(app.search_text(phone), '[^0-9]', '', 'g') as digits,
        btrim(app.search_text(coalesce(first_name, '') || ' ' || coalesce(last_name, ''))) as name) p
);

alter table app.contact
    add column linkedin_key text generated always as (app.linkedin_key(linkedin_url)) stored,
    add column person_key text generated always as (app.person_key(phone, first_name, last_name)) stored,
    -- The clean form of an address from before addresses were cleaned, because another contact had it. Null for all others.
    add column clean_email_norm text;

update app.contact k set clean_email_norm = app.email_norm(app.clean_email(k.email))
where k.email_norm !~ '^[a-z0-9+_-]+(\.[a-z0-9+_-]+)*@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,63}$'
    and app.email_norm(app.clean_email(k.email)) <> k.email_norm;

create index contact_clean_email_idx on app.contact (organization_id, clean_email_norm) where clean_email_norm is not null;
create index contact_linkedin_idx on app.contact (organization_id, linkedin_key, id) where linkedin_key is not null;
create index contact_person_idx on app.contact (organization_id, person_key, id) where person_key is not null;
