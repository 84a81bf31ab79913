-- Undoes a batch of an import job: deletes leads and contacts that it created and nobody has worked on since, and gives others the values
-- back that it replaced and that nobody has changed since. Call it until it returns is_complete, each time with last_id as `after`, then
-- from the beginning (null). The numbers are those of the whole job so far. outcome: undone; done (it was undone before, nothing happens);
-- state (the job has not ended); expired (it ended before `oldest_end`).
-- The number of statements does not depend on the number of rows. A batch that was not committed is undone again by the next call.
--
-- Locks, in the order of app.apply_import_page: the job, the organization's lock for imports, contacts by id, their leads by id, campaign
-- counters; then as app.merge_contacts: assignments, and places in the queue by contact. It waits for webhooks, edits and merges of its
-- contacts, and judges what they did. Webhook logs are not locked: a processor locks its contact after its logs, and finds a deleted one
-- gone.
create or replace function app.undo_import_job(job uuid, after uuid, most integer, oldest_end timestamptz, at timestamptz)
returns table (
    outcome text, is_first boolean, is_complete boolean, last_id uuid, reversed bigint, contacts bigint, restored bigint, kept bigint)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
declare
    j app.import_job;
    picked uuid[];
    people uuid[];
    rows uuid[];
    campaigns uuid[];
    verdicts app.import_verdict[];
    batch record;
    last_seq bigint;
begin
    select t.* into j
    from app.import_job t
    where t.id = job and app.may_undo_import(t.organization_id, t.agency_id)
    for no key update;
    if not found then
        raise insufficient_privilege using message = 'this session may not undo the job';
    end if;
    is_first := false;
    is_complete := false;
    if j.undone_at is not null then
        outcome := 'done';
        is_complete := true;
    elsif j.status not in ('completed', 'failed', 'cancelled') then
        outcome := 'state';
    elsif coalesce(case j.status when 'completed' then j.completed_at when 'failed' then j.failed_at else j.cancelled_at end, j.updated_at) < oldest_end then
        outcome := 'expired';
    end if;
    if outcome is not null then
        reversed := j.undo_reversed;
        contacts := j.undo_contacts;
        restored := j.undo_restored;
        kept := j.undo_kept;
        return next;
        return;
    end if;
    perform pg_advisory_xact_lock(hashtextextended('app.import ' || j.organization_id, 0));

    picked := array(
        select r.lead_id from app.import_job_row r
        where r.organization_id = j.organization_id and r.job_id = job and not r.is_undone
            and r.lead_id > coalesce(after, '00000000-0000-0000-0000-000000000000')
        order by r.lead_id
        limit most);
    people := array(
        select distinct r.contact_id from app.import_job_row r
        where r.organization_id = j.organization_id and r.job_id = job and r.lead_id = any (picked));
    perform from app.contact k where k.organization_id = j.organization_id and k.id = any (people) order by k.id for update;
    -- Rows of a contact that was merged meanwhile have another one now, and are left to a later batch.
    rows := array(
        select r.lead_id from app.import_job_row r
        where r.organization_id = j.organization_id and r.contact_id = any (people) and r.job_id = job and not r.is_undone);
    perform from app.lead l where l.organization_id = j.organization_id and l.id = any (rows) order by l.id for update;
    campaigns := array(
        select distinct l.campaign_id from app.lead l
        where l.organization_id = j.organization_id and l.id = any (rows) and l.campaign_id is not null);
    perform app.lock_campaign_counters(array_fill(j.organization_id, array[cardinality(campaigns)]), campaigns);

    verdicts := array(select v from app.judge_import_rows(j.organization_id, job, rows) v);
    select
        count(*) filter (where v.takes_lead) as leads,
        count(distinct v.contact_id) filter (where v.takes_contact) as contacts,
        count(*) filter (where v.source_data is not null or v.contact_values is not null) as restored,
        count(*) filter (where v.is_existing_lead and (v.source_data is not null or v.contact_values is not null)) as restored_leads,
        count(v.lead_code) + count(v.contact_code) as kept
    into batch
    from unnest(verdicts) v;

    delete from app.lead l
    where l.organization_id = j.organization_id and l.id = any (array(select v.lead_id from unnest(verdicts) v where v.takes_lead));
    update app.lead l set source_data = v.source_data, updated_at = at
    from unnest(verdicts) v
    where v.source_data is not null and l.organization_id = j.organization_id and l.id = v.lead_id;
    delete from app.user_contact_assignment a
    where a.organization_id = j.organization_id
        and a.contact_id = any (array(select v.contact_id from unnest(verdicts) v where v.takes_contact));
    update app.contact k set
        email = case when v.contact_values ? 'email' then v.contact_values ->> 'email' else k.email end,
        -- The job adds addresses only where there is none.
        email_norm = case when v.contact_values ? 'email' then null else k.email_norm end,
        first_name = case when v.contact_values ? 'first_name' then v.contact_values ->> 'first_name' else k.first_name end,
        last_name = case when v.contact_values ? 'last_name' then v.contact_values ->> 'last_name' else k.last_name end,
        company = case when v.contact_values ? 'company' then v.contact_values ->> 'company' else k.company end,
        title = case when v.contact_values ? 'title' then v.contact_values ->> 'title' else k.title end,
        phone = case when v.contact_values ? 'phone' then v.contact_values ->> 'phone' else k.phone end,
        linkedin_url = case when v.contact_values ? 'linkedin_url' then v.contact_values ->> 'linkedin_url' else k.linkedin_url end,
        city = case when v.contact_values ? 'city' then v.contact_values ->> 'city' else k.city end,
        region = case when v.contact_values ? 'region' then v.contact_values ->> 'region' else k.region end,
        country = case when v.contact_values ? 'country' then v.contact_values ->> 'country' else k.country end,
        updated_at = at
    from unnest(verdicts) v
    where v.contact_values is not null and k.organization_id = j.organization_id and k.id = v.contact_id;

    update app.import_job_row r set is_undone = true, kept = v.lead_code, kept_contact = v.contact_code
    from unnest(verdicts) v
    where num_nonnulls(v.lead_code, v.contact_code) > 0 and r.organization_id = j.organization_id and r.job_id = job
        and r.lead_id = v.lead_id;
    delete from app.import_job_row r
    where r.organization_id = j.organization_id and r.job_id = job and r.lead_id = any (array(
        select v.lead_id from unnest(verdicts) v where num_nonnulls(v.lead_code, v.contact_code) = 0));
    -- The places in the queue, the ids of sources and the rows go with it. The places first, in the order in which everybody locks several.
    perform from app.assignment_queue q
    where q.organization_id = j.organization_id
        and q.contact_id = any (array(select v.contact_id from unnest(verdicts) v where v.takes_contact))
    order by q.contact_id
    for update;
    delete from app.contact k
    where k.organization_id = j.organization_id and k.id = any (array(select v.contact_id from unnest(verdicts) v where v.takes_contact));

    outcome := 'undone';
    is_first := j.undo_started_at is null;
    is_complete := not exists (
        select from app.import_job_row r where r.organization_id = j.organization_id and r.job_id = job and not r.is_undone);
    last_id := picked[cardinality(picked)];
    reversed := j.undo_reversed + batch.leads;
    contacts := j.undo_contacts + batch.contacts;
    restored := j.undo_restored + batch.restored;
    kept := j.undo_kept + batch.kept;
    last_seq := j.log_seq;
    if is_first then
        last_seq := app.write_import_logs(j, '[{"level": "info", "message": "Undoing the job has begun."}]', at);
        j.log_seq := last_seq;
    end if;
    if is_complete then
        last_seq := app.write_import_logs(
            j,
            jsonb_build_array(jsonb_build_object(
                'level', 'info',
                'message', format('The job is undone: %s leads and %s contacts deleted, %s people restored, %s kept.', reversed, contacts, restored, kept),
                'data', jsonb_build_object('reversed', reversed, 'contacts', contacts, 'restored', restored, 'kept', kept))),
            at);
    end if;
    update app.import_job t set
        undo_started_at = coalesce(t.undo_started_at, at),
        undone_at = case when is_complete then at end,
        undo_reversed = reversed,
        undo_contacts = contacts,
        undo_restored = restored,
        undo_kept = kept,
        log_seq = last_seq,
        updated_at = at
    where t.organization_id = j.organization_id and t.id = job;
    update app.data_source s set
        leads_created = greatest(0, s.leads_created - batch.leads), leads_updated = greatest(0, s.leads_updated - batch.restored_leads)
    where s.organization_id = j.organization_id and s.id = j.data_source_id and batch.leads + batch.restored_leads > 0;
    return next;
end
$$;

revoke all on function app.undo_import_job(uuid, uuid, integer, timestamptz, timestamptz) from public;
grant execute on function app.undo_import_job(uuid, uuid, integer, timestamptz, timestamptz) to salesbrain_tenant, salesbrain_platform;
