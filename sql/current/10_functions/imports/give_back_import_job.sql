-- Ends a worker's hold of a job without a page: after an error, before a wait, or at the end of its slice. What a user asked for meanwhile
-- is done now. `outcome`: wait (goes on at `next_run`), fail, or pause (by the system). `code` null: no error. Returns the status that the
-- job has then; null if the worker has lost the job.
create or replace function app.give_back_import_job(
    job_id uuid, claim bigint, outcome text, code text, message text, attempts integer, next_run timestamptz, at timestamptz) returns text
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
declare
    j app.import_job;
    next_status text;
    is_asked boolean;
    last_seq bigint;
begin
    select t.* into j from app.import_job t where t.id = job_id and t.fence = claim and t.status = 'running' for no key update;
    if not found then
        return null;
    end if;
    is_asked := j.requested is not null and outcome <> 'fail';
    next_status := case
        when is_asked then case j.requested when 'pause' then 'paused' else 'cancelled' end
        when outcome = 'fail' then 'failed'
        when outcome = 'pause' then 'paused'
        else 'running' end;
    last_seq := j.log_seq;
    if code is not null then
        last_seq := app.write_import_logs(
            j,
            jsonb_build_array(jsonb_build_object(
                'level', case when outcome = 'fail' then 'error' else 'warning' end,
                'message', message,
                'data', jsonb_strip_nulls(jsonb_build_object('code', code, 'attempt', attempts, 'next_run_at', next_run)))),
            at);
    end if;
    update app.import_job t set
        status = next_status,
        attempt = coalesce(attempts, t.attempt),
        lease_owner = null,
        lease_until = null,
        next_run_at = next_run,
        waiting_since = at,
        error_code = case when is_asked then null else code end,
        error_message = case when is_asked then null else message end,
        log_seq = last_seq,
        changed_by = case when next_status = 'running' then t.changed_by when is_asked then j.requested_by end,
        updated_at = at
    where t.organization_id = j.organization_id and t.id = job_id;
    return next_status;
end
$$;

revoke all on function app.give_back_import_job(uuid, bigint, text, text, text, integer, timestamptz, timestamptz) from public;
grant execute on function app.give_back_import_job(uuid, bigint, text, text, text, integer, timestamptz, timestamptz) to salesbrain_platform;
