-- The one place that knows how the status of an import job changes. Whatever changes it, a change that is not possible fails, a worker that
-- still has the job is cut off by a new fence number, and the change is written once: to the job's history, its log, its source's metrics
-- and a notification of its creator.
create or replace function app.change_import_job_status() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if (old.status, new.status) not in (
        ('pending', 'running'), ('pending', 'cancelled'), ('running', 'paused'), ('running', 'completed'), ('running', 'failed'),
        ('running', 'cancelled'), ('paused', 'running'), ('paused', 'cancelled'), ('failed', 'running')) then
        raise check_violation using
            constraint = 'import_job_status_change_check',
            table = 'import_job',
            schema = 'app',
            message = format('an import job cannot change from %s to %s', old.status, new.status);
    end if;
    new.fence := old.fence + 1;
    new.lease_owner := null;
    new.lease_until := null;
    new.requested := null;
    new.requested_by := null;
    new.state_number := old.state_number + 1;
    new.next_run_at := null;
    new.waiting_since := null;
    if new.log_seq < 50000 then
        new.log_seq := new.log_seq + 1;
    end if;
    if new.status in ('completed', 'failed', 'cancelled') then
        new.counted_created := new.created;
        new.counted_updated := new.updated;
    end if;
    case new.status
        when 'running' then
            new.waiting_since := new.updated_at;
            new.attempt := 0;
            new.empty_pages := 0;
            new.error_code := null;
            new.error_message := null;
            new.started_at := coalesce(old.started_at, new.updated_at);
        when 'paused' then new.paused_at := new.updated_at;
        when 'completed' then new.completed_at := new.updated_at;
        when 'failed' then new.failed_at := new.updated_at;
        when 'cancelled' then new.cancelled_at := new.updated_at;
        else null;
    end case;
    return new;
end
$$;

create or replace trigger change_import_job_status before update of status on app.import_job
    for each row when (old.status <> new.status) execute function app.change_import_job_status();

create or replace function app.note_import_job_status() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    is_end constant boolean := new.status in ('completed', 'failed', 'cancelled');
begin
    insert into app.import_job_state (organization_id, job_id, number, status, at, changed_by, code)
    values (new.organization_id, new.id, new.state_number, new.status, new.updated_at, new.changed_by,
        case when new.status in ('failed', 'paused') then new.error_code end);
    if tg_op = 'INSERT' then
        return null;
    end if;

    if new.log_seq > old.log_seq then
        insert into app.import_job_log (organization_id, job_id, seq, at, level, message, data)
        values (
            new.organization_id, new.id, new.log_seq, new.updated_at, case new.status when 'failed' then 'error' else 'info' end,
            format('The job is %s.', new.status),
            jsonb_strip_nulls(jsonb_build_object('status', new.status, 'from', old.status, 'code', new.error_code)))
        on conflict do nothing;
    end if;

    if is_end then
        update app.data_source s set
            jobs_total = s.jobs_total + case when old.status = 'failed' then 0 else 1 end,
            jobs_completed = s.jobs_completed + case when new.status = 'completed' then 1 else 0 end,
            jobs_failed = s.jobs_failed + case when new.status = 'failed' then 1 else 0 end,
            leads_created = s.leads_created + new.created - old.counted_created,
            leads_updated = s.leads_updated + new.updated - old.counted_updated,
            last_job_at = greatest(s.last_job_at, new.updated_at),
            status = case
                when new.status = 'failed' and new.error_code in ('invalid_credentials', 'forbidden_plan') and s.status <> 'disabled' then 'error'
                else s.status end
        where s.organization_id = new.organization_id and s.id = new.data_source_id;
    elsif old.status = 'failed' then
        -- Its end is counted again.
        update app.data_source s set jobs_total = s.jobs_total - 1, jobs_failed = s.jobs_failed - 1
        where s.organization_id = new.organization_id and s.id = new.data_source_id;
    end if;

    if new.status in ('completed', 'failed')
        or (new.status = 'cancelled' and new.changed_by is distinct from new.created_by)
        or (new.status = 'paused' and new.changed_by is null) then
        insert into app.notification (organization_id, user_id, type, title, body, link_entity, link_id, data, burst_key, burst_at, count, created_at)
        select new.organization_id, u.id, 'import.' || new.status,
            case new.status
                when 'completed' then 'Import completed'
                when 'failed' then 'Import failed'
                when 'cancelled' then 'Import cancelled'
                else 'Import paused' end,
            format('%s: %s created, %s updated, %s skipped, %s failed.', new.name, new.created, new.updated, new.skipped, new.failed)
                || coalesce(' ' || case when new.status in ('failed', 'paused') then new.error_message end, ''),
            'import_job', new.id, jsonb_strip_nulls(jsonb_build_object('status', new.status, 'code', new.error_code)),
            new.id::text, new.updated_at, 1, new.updated_at
        from app.user u
        where u.organization_id = new.organization_id and u.id = new.created_by and u.status = 'active'
        on conflict (organization_id, user_id, type, burst_key, burst_at) do nothing;
    end if;
    return null;
end
$$;

revoke all on function app.note_import_job_status() from public;

create or replace trigger note_import_job_insert after insert on app.import_job
    for each row execute function app.note_import_job_status();
create or replace trigger note_import_job_status after update of status on app.import_job
    for each row when (old.status <> new.status) execute function app.note_import_job_status();
