-- What undoing a batch of an import job would do now, as app.undo_import_job does it, and the first `most_items` of what it would keep.
-- Locks nothing. Call it until it returns no last_id, each time with last_id as `after`.
create or replace function app.preview_import_undo(job uuid, after uuid, most integer, most_items integer)
returns table (last_id uuid, reversed bigint, contacts bigint, restored bigint, kept bigint, items jsonb)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
declare
    start constant uuid := coalesce(after, '00000000-0000-0000-0000-000000000000');
    j app.import_job;
    picked uuid[];
    people uuid[];
    rows uuid[];
begin
    select t.* into j from app.import_job t where t.id = job and app.may_undo_import(t.organization_id, t.agency_id);
    if not found then
        raise insufficient_privilege using message = 'this session may not undo the job';
    end if;
    picked := array(
        select r.lead_id from app.import_job_row r
        where r.organization_id = j.organization_id and r.job_id = job and not r.is_undone and r.lead_id > start
        order by r.lead_id
        limit most);
    people := array(
        select distinct r.contact_id from app.import_job_row r
        where r.organization_id = j.organization_id and r.job_id = job and r.lead_id = any (picked));
    -- Contacts with a row before this batch were in an earlier one.
    rows := array(
        select unnest(array_agg(r.lead_id)) from app.import_job_row r
        where r.organization_id = j.organization_id and r.contact_id = any (people) and r.job_id = job and not r.is_undone
        group by r.contact_id
        having bool_and(r.lead_id > start));
    last_id := picked[cardinality(picked)];
    with judged as materialized (
        select v.* from app.judge_import_rows(j.organization_id, job, rows) v
    )
    select
        count(*) filter (where v.takes_lead), count(distinct v.contact_id) filter (where v.takes_contact),
        count(*) filter (where v.source_data is not null or v.contact_values is not null), count(v.lead_code) + count(v.contact_code),
        coalesce((
            select jsonb_agg(jsonb_build_object('entity', i.entity, 'id', i.id, 'code', i.code) order by i.lead_id, i.entity desc)
            from (
                select f.lead_id, i.* from judged f
                cross join lateral (values ('lead', f.lead_id, f.lead_code), ('contact', f.contact_id, f.contact_code)) as i (entity, id, code)
                where i.code is not null
                order by f.lead_id, i.entity desc
                limit most_items
            ) i), '[]')
    into reversed, contacts, restored, kept, items
    from judged v;
    return next;
end
$$;

revoke all on function app.preview_import_undo(uuid, uuid, integer, integer) from public;
grant execute on function app.preview_import_undo(uuid, uuid, integer, integer) to salesbrain_tenant, salesbrain_platform;
