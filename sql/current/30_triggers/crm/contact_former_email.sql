-- Keeps a contact from having an address that belongs to another one since they were merged. The unique key of app.contact does not know
-- those addresses. Checked after the row is written, with a new snapshot: whoever writes the address of a contact that is being merged
-- waits for the merge at that unique key, and sees here whose address it is now.
create or replace function app.check_former_email() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (
        select from app.contact_former_email a
        where a.organization_id = new.organization_id and a.email_norm = new.email_norm and a.contact_id <> new.id) then
        raise unique_violation using
            constraint = 'contact_former_email_pkey',
            table = 'contact_former_email',
            schema = 'app',
            message = 'another contact has had this address since it was merged';
    end if;
    return null;
end
$$;

revoke all on function app.check_former_email() from public;

create or replace trigger check_former_email_insert after insert on app.contact
    for each row when (new.email_norm is not null) execute function app.check_former_email();
create or replace trigger check_former_email_update after update of email_norm on app.contact
    for each row when (new.email_norm is distinct from old.email_norm) execute function app.check_former_email();
