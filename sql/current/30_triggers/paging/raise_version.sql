-- Increments the version in a row's ETag with every change of the row.
create or replace function app.raise_version() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    new.version := old.version + 1;
    return new;
end
$$;

create or replace trigger raise_version before update on app.organization for each row execute function app.raise_version();
create or replace trigger raise_version before update on app.agency for each row execute function app.raise_version();
create or replace trigger raise_version before update on app.client for each row execute function app.raise_version();
create or replace trigger raise_version before update on app.campaign for each row execute function app.raise_version();
-- A sign-in does not change the version, so that it does not invalidate an edit of the user.
create or replace trigger raise_version before update of email, email_norm, first_name, last_name, role, agency_id, client_id, status on app.user
    for each row execute function app.raise_version();
-- Events change leads often. What they count, and when they happened, is nothing that people edit: only events that change the status, the
-- interest or the deal invalidate an edit of the lead.
create or replace trigger raise_version before update of
    agency_id, client_id, campaign_id, contact_id, priority, qualification_score, qualification_data, practice_area, source, source_data,
    company_data, custom_fields, tags, assigned_to, expected_close_date, deleted_at on app.lead
    for each row execute function app.raise_version();
create or replace trigger raise_version_with_events before update of status, interest, interest_label, deal_amount, deal_currency on app.lead
    for each row when (
        old.status <> new.status or old.interest is distinct from new.interest or old.interest_label is distinct from new.interest_label
        or old.deal_amount is distinct from new.deal_amount or old.deal_currency is distinct from new.deal_currency)
    execute function app.raise_version();
-- Not a new score: it is the leads' doing, and nobody edits it.
create or replace trigger raise_version
    before update of email, email_norm, first_name, last_name, company, title, phone, website, linkedin_url, city, region, country, suppression,
        suppressed_at, custom_fields, tags
    on app.contact for each row execute function app.raise_version();
-- Not what jobs count in it, and not the time of its next request.
create or replace trigger raise_version
    before update of agency_id, name, status, config, credentials_sealed, requests_per_minute, file_id, tested_at, deleted_at
    on app.data_source for each row execute function app.raise_version();
create or replace trigger raise_version before update on app.import_job for each row execute function app.raise_version();
create or replace trigger raise_version before update on app.whatsapp_account for each row execute function app.raise_version();
create or replace trigger raise_version before update on app.conversation for each row execute function app.raise_version();
