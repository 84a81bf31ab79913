-- Raises the version of analytics when something else that they show changes: campaigns, contacts, users, who owns a contact, the time
-- zone.
create or replace function app.note_analytics() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    none constant uuid := '00000000-0000-0000-0000-000000000000';
    everybody constant uuid := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
    was jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
    is_now jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
begin
    insert into app.analytics_change (organization_id, agency_id, client_id, lead_ids)
    select distinct case tg_table_name when 'organization' then (r.entry ->> 'id')::uuid else (r.entry ->> 'organization_id')::uuid end,
        case when tg_table_name in ('campaign', 'import_job') then coalesce((r.entry ->> 'agency_id')::uuid, none) else everybody end,
        case when tg_table_name in ('campaign', 'import_job') then coalesce((r.entry ->> 'client_id')::uuid, none) else none end, '{}'::uuid[]
    from (values (was), (is_now)) as r (entry)
    -- Platform operators have no organization.
    where coalesce(r.entry ->> 'organization_id', case tg_table_name when 'organization' then r.entry ->> 'id' end) is not null;
    return null;
end
$$;

revoke all on function app.note_analytics() from public;

create or replace trigger note_analytics_insert after insert on app.campaign
    for each row execute function app.note_analytics();
create or replace trigger note_analytics_update after update on app.campaign
    for each row when (
        old.status <> new.status or old.name <> new.name or old.agency_id is distinct from new.agency_id
        or old.client_id is distinct from new.client_id or old.deleted_at is distinct from new.deleted_at)
    execute function app.note_analytics();
create or replace trigger note_analytics_delete after delete on app.campaign
    for each row execute function app.note_analytics();

create or replace trigger note_analytics_insert after insert on app.import_job
    for each row execute function app.note_analytics();
-- A running job updates its row with every page.
create or replace trigger note_analytics_update after update on app.import_job
    for each row when (old.status <> new.status) execute function app.note_analytics();
create or replace trigger note_analytics_delete after delete on app.import_job
    for each row execute function app.note_analytics();

create or replace trigger note_analytics_insert after insert on app.user
    for each row execute function app.note_analytics();
create or replace trigger note_analytics_update after update on app.user
    for each row when (
        old.first_name is distinct from new.first_name or old.last_name is distinct from new.last_name or old.email <> new.email
        or old.role <> new.role or old.status <> new.status or old.agency_id is distinct from new.agency_id
        or old.client_id is distinct from new.client_id)
    execute function app.note_analytics();

-- Events count interactions in the assignments: that is not shown.
create or replace trigger note_analytics_update after update on app.user_contact_assignment
    for each row when (
        old.status <> new.status or old.is_primary_owner <> new.is_primary_owner or old.user_id <> new.user_id
        or old.contact_id <> new.contact_id)
    execute function app.note_analytics();

create or replace trigger note_analytics_update after update on app.organization
    for each row when (old.timezone <> new.timezone) execute function app.note_analytics();

-- Many at a time.
create or replace function app.note_many_analytics() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into app.analytics_change (organization_id, agency_id, client_id, lead_ids)
    -- Agencies and clients see contacts through their leads, whose changes are noted.
    select distinct c.organization_id,
        case tg_table_name when 'contact' then '00000000-0000-0000-0000-000000000000' else 'ffffffff-ffff-ffff-ffff-ffffffffffff' end::uuid,
        '00000000-0000-0000-0000-000000000000'::uuid, '{}'::uuid[]
    from changed c;
    return null;
end
$$;

revoke all on function app.note_many_analytics() from public;

create or replace trigger note_analytics_insert after insert on app.contact
    referencing new table as changed for each statement execute function app.note_many_analytics();
create or replace trigger note_analytics_delete after delete on app.contact
    referencing old table as changed for each statement execute function app.note_many_analytics();
create or replace trigger note_analytics_insert after insert on app.user_contact_assignment
    referencing new table as changed for each statement execute function app.note_many_analytics();
create or replace trigger note_analytics_delete after delete on app.user_contact_assignment
    referencing old table as changed for each statement execute function app.note_many_analytics();
