-- Tells browsers of changed data sources (channel data_source_change). Waiting for the next request that a source allows tells nothing.
create or replace function app.tell_data_sources() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    told_at timestamptz := clock_timestamp();
    told app.data_source[];
begin
    -- Each transition table exists only for some events.
    if tg_op = 'INSERT' then
        told := array(select c from changed c);
    else
        told := array(
            select c from changed c
            join old_sources o on o.organization_id = c.organization_id and o.id = c.id
            where (o.version, o.status, o.tested_at, o.jobs_total, o.jobs_completed, o.jobs_failed, o.leads_created, o.leads_updated, o.last_job_at, o.deleted_at)
                is distinct from
                (c.version, c.status, c.tested_at, c.jobs_total, c.jobs_completed, c.jobs_failed, c.leads_created, c.leads_updated, c.last_job_at, c.deleted_at));
    end if;
    if cardinality(told) > 0 and app.can_tell(told_at) then
        insert into app.live_event (organization_id, agency_id, audience, channel, kind, entity, entity_id, data, at)
        select s.organization_id, s.agency_id, 'data_source', 'data_source_change',
            case when s.deleted_at is not null then 'deleted' when tg_op = 'INSERT' then 'created' else 'updated' end, 'data_source', s.id,
            jsonb_build_object(
                'status', s.status, 'test_ok', s.test_ok, 'jobs_total', s.jobs_total, 'jobs_completed', s.jobs_completed, 'jobs_failed', s.jobs_failed,
                'leads_created', s.leads_created, 'leads_updated', s.leads_updated), told_at
        from unnest(told) s;
    end if;
    return null;
end
$$;

revoke all on function app.tell_data_sources() from public;

create or replace trigger tell_data_sources_insert after insert on app.data_source
    referencing new table as changed for each statement execute function app.tell_data_sources();
create or replace trigger tell_data_sources_update after update on app.data_source
    referencing old table as old_sources new table as changed for each statement execute function app.tell_data_sources();
