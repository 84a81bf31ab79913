-- Search ignores normal form, letter case and accents; lists sort names as people do.

-- The root order of CLDR: first letters, then accents, then letter case. Deterministic, so that only equal texts are equal.
create collation app.name_order (provider = icu, locale = 'und');

-- Columns and indexes keep what these two functions return. So they are never replaced: a change takes another name and new columns.

-- A text as search compares it, and the same as SearchText in C#: in lower case, without accents, vowel points of Hebrew and Arabic and
-- invisible characters; letters that people type without their stroke, ligatures, and typographic apostrophes and hyphens are written plainly.
create function app.search_text(value text) returns text
language sql immutable parallel safe
return case
    -- Most texts are ASCII only.
    when octet_length(value) = char_length(value) then lower(value collate pg_c_utf8)
    else normalize(
        replace(replace(replace(replace(
            translate(
                lower(
                    regexp_replace(
                        normalize(value, nfkd),
                        '[\u0300-\u036F\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u064B-\u065F\u0670\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFE00-\uFE0F\uFEFF]',
                        '', 'g')
                    collate pg_c_utf8),
                U&'\00F8\0142\0111\00F0\0257\0127\0167\0131\0253\0199\03C2\2018\2019\02BB\02BC\2010\2011\2012\2013\2014\2212',
                U&'oldddhtibk\03C3''''''''------'),
            'æ', 'ae'), 'œ', 'oe'), 'ß', 'ss'), 'þ', 'th'),
        nfc)
end;

-- A text as lists sort it, short enough for an index and a cursor: names that differ in letter case or normal form only are equal, and
-- sorted by id.
create function app.sort_text(value text) returns text
language sql immutable parallel safe
return left(lower(normalize(value, nfc) collate pg_c_utf8), 100);

-- Collations first, in statements of their own: one statement cannot change both of a column. They rebuild indexes only.
alter table app.organization alter column sort_name type text collate app.name_order;
alter table app.agency alter column sort_name type text collate app.name_order;
alter table app.client alter column sort_name type text collate app.name_order;
alter table app.user alter column sort_name type text collate app.name_order;
alter table app.contact
    alter column sort_last_name type text collate app.name_order,
    alter column sort_company type text collate app.name_order;

alter table app.organization
    alter column sort_name set expression as (app.sort_text(name)),
    alter column search_text set expression as (app.search_text(name || e'\n' || slug));

alter table app.agency
    alter column sort_name set expression as (app.sort_text(name)),
    alter column search_text set expression as (
        app.search_text(name || e'\n' || coalesce(domain, '') || e'\n' || coalesce(email, '') || e'\n' || coalesce(city, '')));

alter table app.client
    alter column sort_name set expression as (app.sort_text(name)),
    alter column search_text set expression as (
        app.search_text(name || e'\n' || coalesce(contact_email, '') || e'\n' || coalesce(industry, '') || e'\n' || coalesce(city, '')));

alter table app.user
    alter column sort_name set expression as (
        app.sort_text(nullif(btrim(coalesce(last_name, '') || ' ' || coalesce(first_name, '')), ''))),
    alter column search_text set expression as (
        app.search_text(coalesce(first_name, '') || ' ' || coalesce(last_name, '') || e'\n' || email));

-- Rewrites the contacts with their indexes, once for all three columns.
alter table app.contact
    alter column sort_last_name set expression as (app.sort_text(nullif(btrim(last_name), ''))),
    alter column sort_company set expression as (app.sort_text(nullif(btrim(company), ''))),
    alter column search_text set expression as (
        app.search_text(coalesce(email_norm, '') || e'\n' || coalesce(first_name, '') || ' ' || coalesce(last_name, '') || e'\n' || coalesce(company, '')));

-- Logs that had no effect are few, so the index is small; building it reads the log once.
create index webhook_log_search_text_idx on app.webhook_log using gin (
    organization_id,
    app.search_text(coalesce(contact_email_norm, '') || e'\n' || coalesce(campaign_name, '') || e'\n' || event_type || e'\n' || coalesce(error_code, '') || e'\n' || coalesce(error_message, '')) gin_trgm_ops
) where status in ('ignored', 'failed', 'dead');
drop index app.webhook_log_search_idx;
