-- Appends to app.analytics_change the leads whose activities a statement wrote. Activities without a lead are in no report.
create or replace function app.note_activity_analytics() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    none constant uuid := '00000000-0000-0000-0000-000000000000';
begin
    -- Each transition table exists only for some events.
    if tg_op = 'INSERT' then
        insert into app.analytics_change (organization_id, agency_id, client_id, lead_ids)
        select l.organization_id, coalesce(l.agency_id, none), coalesce(l.client_id, none), array_agg(l.id)
        from (select distinct n.organization_id, n.lead_id from new_activities n where n.lead_id is not null) n
        -- The limit keeps it a look-up for each lead.
        cross join lateral (
            select l.organization_id, l.id, l.agency_id, l.client_id from app.lead l where l.organization_id = n.organization_id and l.id = n.lead_id limit 1) l
        group by 1, 2, 3;
    elsif tg_op = 'DELETE' then
        insert into app.analytics_change (organization_id, agency_id, client_id, lead_ids)
        select l.organization_id, coalesce(l.agency_id, none), coalesce(l.client_id, none), array_agg(l.id)
        from (select distinct o.organization_id, o.lead_id from old_activities o where o.lead_id is not null) o
        -- The limit keeps it a look-up for each lead.
        cross join lateral (
            select l.organization_id, l.id, l.agency_id, l.client_id from app.lead l where l.organization_id = o.organization_id and l.id = o.lead_id limit 1) l
        group by 1, 2, 3;
    else
        insert into app.analytics_change (organization_id, agency_id, client_id, lead_ids)
        select l.organization_id, coalesce(l.agency_id, none), coalesce(l.client_id, none), array_agg(l.id)
        from (
            select n.organization_id, n.lead_id from new_activities n where n.lead_id is not null
            union
            select o.organization_id, o.lead_id from old_activities o where o.lead_id is not null
        ) a
        -- The limit keeps it a look-up for each lead.
        cross join lateral (
            select l.organization_id, l.id, l.agency_id, l.client_id from app.lead l where l.organization_id = a.organization_id and l.id = a.lead_id limit 1) l
        group by 1, 2, 3;
    end if;
    return null;
end
$$;

revoke all on function app.note_activity_analytics() from public;

create or replace trigger note_activity_analytics_insert after insert on app.activity
    referencing new table as new_activities for each statement execute function app.note_activity_analytics();
create or replace trigger note_activity_analytics_update after update on app.activity
    referencing old table as old_activities new table as new_activities for each statement execute function app.note_activity_analytics();
create or replace trigger note_activity_analytics_delete after delete on app.activity
    referencing old table as old_activities for each statement execute function app.note_activity_analytics();
