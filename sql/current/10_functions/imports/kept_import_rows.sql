-- What undoing an import job kept and why: at most `most` rows of the job after a lead, each with the lead, the contact, or both.
create or replace function app.kept_import_rows(job uuid, after uuid, most integer)
returns table (row_id uuid, entity text, id uuid, code text)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
begin
    return query
    select f.lead_id, i.entity, i.id, i.code
    from (
        select r.lead_id, r.contact_id, r.kept, r.kept_contact
        from app.import_job j
        join app.import_job_row r on r.organization_id = j.organization_id and r.job_id = j.id
        where j.id = job and app.may_undo_import(j.organization_id, j.agency_id) and r.is_undone
            and r.lead_id > coalesce(after, '00000000-0000-0000-0000-000000000000')
        order by r.lead_id
        limit most
    ) f
    cross join lateral (values ('lead', f.lead_id, f.kept), ('contact', f.contact_id, f.kept_contact)) as i (entity, id, code)
    where i.code is not null
    order by f.lead_id, i.entity desc;
end
$$;

revoke all on function app.kept_import_rows(uuid, uuid, integer) from public;
grant execute on function app.kept_import_rows(uuid, uuid, integer) to salesbrain_tenant, salesbrain_platform;
