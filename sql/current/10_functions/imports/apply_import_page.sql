-- Writes one page of an import job: contacts, leads, progress, cursor, log and lease, or nothing. Returns the status that the job has then,
-- and how many new contacts wait for assignment; no row if the worker has lost the job, because its lease expired or its status changed.
-- The caller's number of statements is one, whatever the size of the page. Applying a page again finds its contacts and leads, and changes
-- nothing but the counts, which cannot happen: the cursor moves in the same transaction.
-- Locks, in this order: the job, the organization's lock for imports, then as app.apply_webhook_events does: contacts, leads, campaign
-- counters.
--
-- `page`: people (as app.import_person), cursor, next_cursor, total, credits, worked_ms, failed, last_problem_line, lines, and what the job
-- was created with: id_source, source, source_info, update_existing, limit, max_credits.
create or replace function app.apply_import_page(
    job_id uuid, claim bigint, page jsonb, lease_until timestamptz, applied_at timestamptz)
returns table (status text, code text, queued integer)
language plpgsql
set search_path = pg_catalog, pg_temp
-- As app.find_import_contacts says.
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_variable
declare
    j app.import_job;
    people app.import_person[];
    place app.campaign;
    contacts uuid[];
    created_contacts uuid[];
    changed_ids uuid[];
    changed_before jsonb[];
    changed_after jsonb[];
    changed_versions bigint[];
    counted record;
    is_new boolean;
    next_status text := 'running';
    message text;
    done_by uuid;
    last_seq bigint;
begin
    select t.* into j from app.import_job t where t.id = job_id and t.fence = claim and t.status = 'running' for no key update;
    if not found then
        return;
    end if;
    perform pg_advisory_xact_lock(hashtextextended('app.import ' || j.organization_id, 0));
    people := array(select p from jsonb_populate_recordset(null::app.import_person, page -> 'people') p order by p.number);

    if j.campaign_id is not null then
        select g.* into place from app.campaign g where g.organization_id = j.organization_id and g.id = j.campaign_id and g.deleted_at is null;
        if not found then
            update app.import_job t set
                status = 'failed', error_code = 'not_found', error_message = 'The campaign of the job was deleted.', changed_by = null,
                updated_at = applied_at
            where t.organization_id = j.organization_id and t.id = job_id;
            return query select 'failed', 'not_found', 0;
            return;
        end if;
    else
        place.agency_id := j.agency_id;
        place.client_id := j.client_id;
    end if;

    select e.contacts, e.created, e.queued into contacts, created_contacts, queued
    from app.ensure_import_contacts(j.organization_id, page ->> 'id_source', people, applied_at) e;

    if (page ->> 'update_existing')::boolean then
        select array_agg(u.id), array_agg(u.before), array_agg(u.after), array_agg(u.version)
        into changed_ids, changed_before, changed_after, changed_versions
        from app.update_import_contacts(j.organization_id, people, contacts, created_contacts, applied_at) u;
    end if;

    -- A lead is locked before its campaign's counters, by whoever changes it.
    perform from app.lead l
    where l.organization_id = j.organization_id and l.contact_id = any (contacts) and l.deleted_at is null
        and (l.campaign_id = j.campaign_id or (j.campaign_id is null and l.campaign_id is null and l.client_id = j.client_id))
    order by l.id
    for no key update;
    perform app.lock_campaign_counters(array[j.organization_id], array[j.campaign_id]);

    with first_person as materialized (
        select distinct on (contacts[p.ordinality]) contacts[p.ordinality] as contact_id, p.new_lead_id, p.source_data, p.number
        from unnest(people) with ordinality as p
        order by contacts[p.ordinality], p.number
    ), known as materialized (
        select f.contact_id, l.id as lead_id, l.source_data as data_before, f.source_data
        from first_person f
        join lateral (
            select l.id, l.source_data from app.lead l
            where l.organization_id = j.organization_id and l.contact_id = f.contact_id and l.deleted_at is null
                and (l.campaign_id = j.campaign_id or (j.campaign_id is null and l.campaign_id is null and l.client_id = j.client_id))
            limit 1
        ) l on true
    ), made as (
        insert into app.lead as l (
            id, organization_id, contact_id, campaign_id, agency_id, client_id, source, source_data, created_by, score, created_at,
            updated_at)
        select f.new_lead_id, j.organization_id, f.contact_id, j.campaign_id, place.agency_id, place.client_id, page ->> 'source',
            coalesce(f.source_data, '{}') || (page -> 'source_info'), j.created_by,
            app.lead_score('new', null, 'medium', applied_at, applied_at, o.lead_score_weights), applied_at, applied_at
        from first_person f
        join app.organization o on o.id = j.organization_id
        where not exists (select from known k where k.contact_id = f.contact_id)
        order by f.contact_id
        on conflict (organization_id, contact_id, campaign_id) where deleted_at is null do nothing
        returning l.id, l.contact_id, l.version
    ), refreshed as (
        update app.lead l set source_data = l.source_data || k.source_data, updated_at = applied_at
        from known k
        where (page ->> 'update_existing')::boolean and l.organization_id = j.organization_id and l.id = k.lead_id
            and k.source_data ? 'data' and k.source_data -> 'data' is distinct from k.data_before -> 'data'
        returning l.id, k.data_before, l.source_data as data_after, l.version
    ), outcome as (
        select f.contact_id, coalesce(k.lead_id, m.id) as lead_id, m.id is not null as lead_created,
            f.contact_id = any (created_contacts) as contact_created, c.n as change, r.id is not null as refreshed, r.data_before,
            r.data_after, coalesce(r.version, m.version) as lead_version
        from first_person f
        left join known k on k.contact_id = f.contact_id
        left join made m on m.contact_id = f.contact_id
        left join refreshed r on r.id = k.lead_id
        left join unnest(changed_ids) with ordinality as c (id, n) on c.id = f.contact_id
    ), noted as (
        insert into app.import_job_row as w (
            organization_id, job_id, lead_id, contact_id, contact_created, lead_created, contact_before, contact_after, source_data_before,
            source_data_after, contact_version, lead_version, at)
        select j.organization_id, j.id, o.lead_id, o.contact_id, o.contact_created, o.lead_created, changed_before[o.change],
            changed_after[o.change], o.data_before, o.data_after,
            -- Not always 1: people whose data was erased are suppressed after they are added.
            case when o.contact_created
                then (select k.version from app.contact k where k.organization_id = j.organization_id and k.id = o.contact_id)
                else changed_versions[o.change] end,
            o.lead_version, applied_at
        from outcome o
        where o.lead_id is not null
        order by o.lead_id
        on conflict on constraint import_job_row_pkey do update set
            contact_before = coalesce(excluded.contact_before, '{}') || coalesce(w.contact_before, '{}'),
            contact_after = coalesce(w.contact_after, '{}') || coalesce(excluded.contact_after, '{}'),
            source_data_before = coalesce(w.source_data_before, excluded.source_data_before),
            source_data_after = coalesce(excluded.source_data_after, w.source_data_after),
            contact_version = coalesce(excluded.contact_version, w.contact_version),
            lead_version = coalesce(excluded.lead_version, w.lead_version)
        where excluded.contact_after is not null or excluded.source_data_after is not null
        returning (w.xmax = 0) as is_new
    )
    select
        count(*) filter (where o.lead_created) as created,
        count(*) filter (where not o.lead_created and (o.change is not null or o.refreshed)) as updated,
        (select count(*) from noted n where n.is_new) as rows
    into counted
    from outcome o;

    is_new := counted.rows > 0 or coalesce((page ->> 'last_problem_line')::bigint, 0) > j.last_problem_line;
    j.empty_pages := case when is_new then 0 else j.empty_pages + 1 end;
    j.created := j.created + counted.created;
    j.updated := j.updated + counted.updated;
    j.failed := j.failed + (page ->> 'failed')::bigint;
    j.skipped := j.skipped + cardinality(people) - counted.created - counted.updated;
    j.processed := j.processed + cardinality(people) + (page ->> 'failed')::bigint;
    j.credits := j.credits + (page ->> 'credits')::bigint;

    if page ->> 'next_cursor' is null or j.processed >= (page ->> 'limit')::bigint or j.credits >= (page ->> 'max_credits')::bigint then
        next_status := 'completed';
    elsif page ->> 'next_cursor' = page ->> 'cursor' then
        next_status := 'failed';
        message := 'The source returned the same page position twice.';
    elsif j.empty_pages >= 3 then
        next_status := 'failed';
        message := 'The source returned three pages without a new row.';
    elsif j.requested is not null then
        next_status := case j.requested when 'pause' then 'paused' else 'cancelled' end;
        done_by := j.requested_by;
    end if;

    last_seq := app.write_import_logs(
        j,
        (page -> 'lines') || jsonb_build_array(jsonb_build_object(
            'level', 'debug',
            'message', format(
                'Page of %s rows: %s leads created, %s updated, %s skipped, %s failed.', cardinality(people) + (page ->> 'failed')::bigint,
                counted.created, counted.updated, cardinality(people) - counted.created - counted.updated, page ->> 'failed'),
            'data', jsonb_build_object('processed', j.processed))),
        applied_at);

    update app.import_job t set
        status = next_status,
        cursor = page -> 'next_cursor',
        attempt = 0,
        empty_pages = j.empty_pages,
        last_problem_line = greatest(t.last_problem_line, (page ->> 'last_problem_line')::bigint),
        lease_until = case when next_status = 'running' then apply_import_page.lease_until end,
        lease_owner = case when next_status = 'running' then t.lease_owner end,
        next_run_at = null,
        processed = j.processed, created = j.created, updated = j.updated, skipped = j.skipped, failed = j.failed, credits = j.credits,
        total = coalesce((page ->> 'total')::bigint, case when next_status = 'completed' then j.processed end, t.total),
        worked_ms = t.worked_ms + (page ->> 'worked_ms')::bigint,
        error_code = case when next_status = 'failed' then 'schema' end,
        error_message = message,
        log_seq = last_seq,
        changed_by = case when next_status = 'running' then t.changed_by else done_by end,
        updated_at = applied_at
    where t.organization_id = j.organization_id and t.id = job_id;
    return query select next_status, case when next_status = 'failed' then 'schema' end, queued;
end
$$;

revoke all on function app.apply_import_page(uuid, bigint, jsonb, timestamptz, timestamptz) from public;
grant execute on function app.apply_import_page(uuid, bigint, jsonb, timestamptz, timestamptz) to salesbrain_platform;
