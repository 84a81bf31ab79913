-- Keeps the tally of live leads by status equal to their counts.
create or replace function app.tally_leads() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Each transition table exists only for some events.
    if tg_op = 'INSERT' then
        insert into app.tally_change (organization_id, subject, status, change)
        select n.organization_id, 'lead', n.status, count(*)
        from new_leads n
        where n.deleted_at is null
        group by 1, 3;
    elsif tg_op = 'DELETE' then
        insert into app.tally_change (organization_id, subject, status, change)
        select o.organization_id, 'lead', o.status, -count(*)
        from old_leads o
        where o.deleted_at is null
        group by 1, 3;
    else
        insert into app.tally_change (organization_id, subject, status, change)
        select l.organization_id, 'lead', l.status, sum(l.sign)
        from (
            select 1 as sign, n.organization_id, n.status, n.deleted_at from new_leads n
            union all
            select -1, o.organization_id, o.status, o.deleted_at from old_leads o
        ) l
        where l.deleted_at is null
        group by 1, 3
        having sum(l.sign) <> 0;
    end if;
    return null;
end
$$;

revoke all on function app.tally_leads() from public;

create or replace trigger tally_leads_insert after insert on app.lead
    referencing new table as new_leads for each statement execute function app.tally_leads();
create or replace trigger tally_leads_update after update on app.lead
    referencing old table as old_leads new table as new_leads for each statement execute function app.tally_leads();
create or replace trigger tally_leads_delete after delete on app.lead
    referencing old table as old_leads for each statement execute function app.tally_leads();
