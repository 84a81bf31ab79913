-- Writes each change of a lead's status to app.lead_status_change, at the time of the change (updated_at).
create or replace function app.note_lead_status() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'INSERT' then
        insert into app.lead_status_change (organization_id, lead_id, status, at)
        select n.organization_id, n.id, n.status, n.created_at
        from new_leads n;
    else
        insert into app.lead_status_change (organization_id, lead_id, previous_status, status, at)
        select n.organization_id, n.id, o.status, n.status, n.updated_at
        from new_leads n
        join old_leads o on o.organization_id = n.organization_id and o.id = n.id
        where n.status <> o.status;
    end if;
    return null;
end
$$;

revoke all on function app.note_lead_status() from public;

create or replace trigger note_lead_status_insert after insert on app.lead
    referencing new table as new_leads for each statement execute function app.note_lead_status();
create or replace trigger note_lead_status_update after update on app.lead
    referencing old table as old_leads new table as new_leads for each statement execute function app.note_lead_status();
