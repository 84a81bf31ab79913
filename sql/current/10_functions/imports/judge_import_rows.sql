-- What undoing does to rows of an import job that it has not undone yet, and why it keeps the rest. `leads` names the rows; all rows that
-- the job has of a contact have to be among them. Changes nothing and locks nothing: a caller that acts on it has locked the contacts and
-- leads.
-- A lead or contact is worked on when a person or a webhook has changed it or refers to it. Automatic assignments that nobody has touched
-- are not work. Each look-up has a limit, which keeps it a look-up for each row.
create or replace function app.judge_import_rows(organization uuid, job uuid, leads uuid[]) returns setof app.import_verdict
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
declare
    -- As ImportPage writes it: ids of a vendor are the same in all of its sources.
    id_source constant text := (
        select case when s.type in ('api', 'csv') then s.type || ':' || s.id else s.type end
        from app.import_job j
        join app.data_source s on s.organization_id = j.organization_id and s.id = j.data_source_id
        where j.organization_id = organization and j.id = job);
begin
    return query
    with found as materialized (
        select r.lead_id, r.contact_id, r.lead_created, r.contact_created, r.contact_before, r.contact_after, r.source_data_before,
            r.source_data_after,
            r.kept_contact, l.source_data, l.deleted_at is null and l.id is not null as is_live, to_jsonb(k) as contact, k.email_norm,
            case
                when not r.contact_created then null
                when (
                    select true from app.contact_forwarding f where f.organization_id = organization and f.contact_id = r.contact_id limit 1) then 'merged'
                when (
                    select true from app.user_contact_assignment a
                    where a.organization_id = organization and a.contact_id = r.contact_id
                        and (a.assignment_type = 'manual' or a.assigned_by is not null or a.status <> 'active' or a.next_followup_at is not null)
                    limit 1) then 'assigned'
                when (
                    select true from app.assignment_queue q
                    where q.organization_id = organization and q.contact_id = r.contact_id and q.source = 'request'
                    limit 1) then 'assigned'
                when k.version <> r.contact_version then 'edited'
            end as contact_work,
            case
                when not r.lead_created then null
                when l.id is null or r.kept_contact = 'merged' then 'merged'
                when l.deleted_at is not null then 'deleted'
                when l.last_activity_at is not null then 'activity'
                when (
                    select true from app.activity a where a.organization_id = organization and a.lead_id = r.lead_id limit 1) then 'activity'
                when l.status <> 'new' then 'status_changed'
                when l.assigned_to is not null then 'assigned'
                when (
                    select true from app.import_job_row o
                    where o.organization_id = organization and o.contact_id = r.contact_id and o.lead_id = r.lead_id and o.job_id <> job
                    limit 1) then 'other_job'
                when l.version <> r.lead_version then 'edited'
            end as lead_work
        from app.import_job_row r
        join app.contact k on k.organization_id = organization and k.id = r.contact_id
        left join app.lead l on l.organization_id = organization and l.id = r.lead_id
        where r.organization_id = organization and r.job_id = job and r.lead_id = any (leads) and not r.is_undone
    ), judged as materialized (
        select f.*,
            case
                when not f.lead_created then null
                -- Merging contacts edits their leads too.
                when f.contact_work = 'merged' and f.lead_work = 'edited' then 'merged'
                else coalesce(f.lead_work, f.contact_work)
            end as lead_keep,
            -- The contact loses all leads that the job gave it.
            bool_and(coalesce(f.lead_work, f.contact_work) is null and f.lead_created) over (partition by f.contact_id) as is_left,
            array_agg(f.lead_id) over (partition by f.contact_id) as own_leads
        from found f
    ), contacts as materialized (
        select j.*,
            case
                when not j.contact_created then null
                when not j.lead_created then 'other_lead'
                when not j.is_left then null
                when (
                    select true from app.lead l
                    where l.organization_id = organization and l.contact_id = j.contact_id and l.id <> all (j.own_leads)
                    limit 1) then 'other_lead'
                when (
                    select true from app.conversation v where v.organization_id = organization and v.contact_id = j.contact_id limit 1) then 'conversation'
                when (
                    select true from app.contact_external_id e
                    where e.organization_id = organization and e.contact_id = j.contact_id and e.source <> id_source
                    limit 1) then 'other_source'
                when (
                    select true from app.import_job_row o
                    where o.organization_id = organization and o.contact_id = j.contact_id and o.job_id <> job
                    limit 1) then 'other_job'
                when (
                    select true from app.activity a where a.organization_id = organization and a.contact_id = j.contact_id limit 1) then 'activity'
                when (
                    select true from app.webhook_log w where w.contact_id = j.contact_id and w.organization_id = organization limit 1) then 'webhook'
                -- One that is not processed yet.
                when (
                    select true from app.webhook_log w
                    where w.organization_id = organization and w.contact_email_norm = j.email_norm and w.due_at is not null
                    limit 1) then 'webhook'
            end as contact_keep,
            c.own, c.others
        from judged j
        -- The values that are still the job's, and whether some are not.
        cross join lateral (
            select jsonb_object_agg(v.key, j.contact_before -> v.key) filter (where v.is_own) as own,
                coalesce(bool_or(not v.is_own), false) as others
            from (
                select a.key,
                    j.contact ->> a.key = a.value
                    and (a.key <> 'email' or (select true from app.webhook_log w where w.contact_id = j.contact_id and w.organization_id = organization limit 1) is null)
                    as is_own
                from jsonb_each_text(case when j.contact_created or j.kept_contact is not null then '{}' else coalesce(j.contact_after, '{}') end) a
            ) v
        ) c
    )
    select c.lead_id, c.contact_id,
        c.lead_created and c.lead_keep is null,
        c.contact_created and c.is_left and c.contact_keep is null,
        case when not c.lead_created and c.is_live and c.source_data = c.source_data_after then c.source_data_before end,
        c.own,
        not c.lead_created,
        case
            when c.lead_created then c.lead_keep
            when c.source_data_after is null then null
            when not c.is_live then 'deleted'
            when c.source_data <> c.source_data_after then 'changed'
        end,
        coalesce(case when c.lead_keep is null then c.kept_contact end, c.contact_keep, case when c.others then 'changed' end)
    from contacts c;
end
$$;

revoke all on function app.judge_import_rows(uuid, uuid, uuid[]) from public;
