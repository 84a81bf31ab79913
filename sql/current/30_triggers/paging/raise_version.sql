-- Raises the version that a row's ETag names, whoever changes the row and however often within one moment.
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
-- Signing in is no change of the user: nobody's edit is outdated by it.
create or replace trigger raise_version before update of email, email_norm, first_name, last_name, role, agency_id, client_id, status on app.user
    for each row execute function app.raise_version();
