-- Appends lines to the log of a job whose row the caller has locked, and returns the number of the last line, which the caller stores in
-- the job. A log has at most 50,000 lines. The last hundred are kept for changes of the status.
create or replace function app.write_import_logs(job app.import_job, lines jsonb, at timestamptz) returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    most constant bigint := 49900;
    written bigint;
begin
    insert into app.import_job_log (organization_id, job_id, seq, at, level, message, data)
    select job.organization_id, job.id, job.log_seq + l.ordinality, write_import_logs.at,
        case when job.log_seq + l.ordinality = most then 'warning' else l.line ->> 'level' end,
        case when job.log_seq + l.ordinality = most then 'The log is full. Only changes of the status are logged from here on.' else l.line ->> 'message' end,
        case when job.log_seq + l.ordinality = most then '{}' else coalesce(l.line -> 'data', '{}') end
    from jsonb_array_elements(lines) with ordinality as l (line, ordinality)
    where job.log_seq + l.ordinality <= most
    order by l.ordinality;
    get diagnostics written = row_count;
    return job.log_seq + written;
end
$$;

revoke all on function app.write_import_logs(app.import_job, jsonb, timestamptz) from public;
grant execute on function app.write_import_logs(app.import_job, jsonb, timestamptz) to salesbrain_platform;
