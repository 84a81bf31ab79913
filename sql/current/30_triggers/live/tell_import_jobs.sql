-- Tells browsers of the status and the progress of import jobs (channel job_status_change).
create or replace function app.tell_import_jobs() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    told_at timestamptz := clock_timestamp();
    told app.import_job[];
    changed_status app.import_job[];
begin
    -- Each transition table exists only for some events.
    if tg_op = 'INSERT' then
        told := array(select c from changed c);
        changed_status := told;
    else
        told := array(
            select c from changed c
            join old_jobs o on o.organization_id = c.organization_id and o.id = c.id
            where (o.status, o.requested, o.processed, o.total, o.undo_started_at, o.undone_at, o.undo_reversed, o.undo_restored) is distinct from
                (c.status, c.requested, c.processed, c.total, c.undo_started_at, c.undone_at, c.undo_reversed, c.undo_restored));
        changed_status := array(
            select c from changed c
            join old_jobs o on o.organization_id = c.organization_id and o.id = c.id
            where o.status <> c.status);
    end if;
    if app.notifies() then
        perform pg_notify('job_status_change', jsonb_build_object('organization_id', j.organization_id, 'job_id', j.id)::text)
        from unnest(changed_status) j;
    end if;
    if cardinality(told) > 0 and app.can_tell(told_at) then
        insert into app.live_event (organization_id, agency_id, client_id, audience, channel, kind, entity, entity_id, campaign_id, data, at)
        select j.organization_id, j.agency_id, j.client_id, 'job', 'job_status_change',
            case tg_op when 'INSERT' then 'created' else 'updated' end, 'import_job', j.id, j.campaign_id, jsonb_build_object(
                'status', j.status, 'requested', j.requested, 'data_source_id', j.data_source_id, 'processed', j.processed, 'total', j.total,
                'created', j.created, 'updated', j.updated, 'skipped', j.skipped, 'failed', j.failed,
                'undo_started_at', j.undo_started_at, 'undone_at', j.undone_at, 'undo_reversed', j.undo_reversed, 'undo_restored', j.undo_restored), told_at
        from unnest(told) j;
    end if;
    return null;
end
$$;

revoke all on function app.tell_import_jobs() from public;

create or replace trigger tell_import_jobs_insert after insert on app.import_job
    referencing new table as changed for each statement execute function app.tell_import_jobs();
create or replace trigger tell_import_jobs_update after update on app.import_job
    referencing old table as old_jobs new table as changed for each statement execute function app.tell_import_jobs();
