-- Keeps app.lead_recency in step with app.lead. A row is written only by the transaction that has just written its lead, so there are no
-- lock waits. Deleting a lead deletes its row by the foreign key.
create or replace function app.note_lead_recency() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'INSERT' then
        insert into app.lead_recency (organization_id, lead_id, updated_at, last_activity_at, score)
        select n.organization_id, n.id, n.updated_at, n.last_activity_at, n.score
        from new_leads n;
    else
        update app.lead_recency r set updated_at = n.updated_at, last_activity_at = n.last_activity_at, score = n.score
        from new_leads n
        where r.organization_id = n.organization_id and r.lead_id = n.id
            and (r.updated_at, r.last_activity_at, r.score) is distinct from (n.updated_at, n.last_activity_at, n.score);
    end if;
    return null;
end
$$;

revoke all on function app.note_lead_recency() from public;

create or replace trigger note_lead_recency_insert after insert on app.lead
    referencing new table as new_leads for each statement execute function app.note_lead_recency();
create or replace trigger note_lead_recency_update after update on app.lead
    referencing new table as new_leads for each statement execute function app.note_lead_recency();
