-- Keeps the tally of contacts equal to their count. Updates need no handling, because a contact stays in its organization.
create or replace function app.tally_contacts() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into app.tally_change (organization_id, subject, change)
    select c.organization_id, 'contact', case tg_op when 'INSERT' then count(*) else -count(*) end
    from changed c
    group by c.organization_id;
    return null;
end
$$;

revoke all on function app.tally_contacts() from public;

create or replace trigger tally_contacts_insert after insert on app.contact
    referencing new table as changed for each statement execute function app.tally_contacts();
create or replace trigger tally_contacts_delete after delete on app.contact
    referencing old table as changed for each statement execute function app.tally_contacts();
