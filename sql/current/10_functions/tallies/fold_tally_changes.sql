-- Adds at most `most` rows of app.tally_change to the tallies, deletes these rows, and returns their number. All in one statement: readers
-- add up tallies and changes, and must find a change in exactly one of them. If another call is running, this one does nothing and returns
-- 0.
create or replace function app.fold_tally_changes(most integer) returns bigint
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    folded bigint;
begin
    if not pg_try_advisory_xact_lock(hashtext('app.fold_tally_changes')) then
        return 0;
    end if;
    -- Takes each organization's changes in the order in which they were appended, so that a count is increased before it is decreased.
    with taken as (
        delete from app.tally_change c
        where c.ctid = any (array(select ctid from app.tally_change order by organization_id, id limit most))
        returning c.organization_id, c.subject, c.hour, c.status, c.event_source, c.event_type, c.latency, c.change
    ), alike as (
        select t.organization_id, t.subject, t.hour, t.status, t.event_source, t.event_type, t.latency,
            sum(t.change) as change, count(*) as changes
        from taken t
        group by 1, 2, 3, 4, 5, 6, 7
    ), part as (
        select a.organization_id, p.period, p.starts_at, s.name, s.value, sum(a.change) as change
        from alike a
        cross join lateral (values
            ('status', a.status), ('source', a.event_source), ('type', a.event_type), ('latency', a.latency::text)) as s (name, value)
        cross join lateral (values
            ('ever', '-infinity'::timestamptz), ('day', date_bin('1 day', a.hour, 'epoch')), ('hour', a.hour)) as p (period, starts_at)
        where a.subject = 'webhook_log' and s.value is not null and (s.name = 'status' or p.period <> 'ever')
        group by 1, 2, 3, 4, 5
        having sum(a.change) <> 0
    ), log_delta as (
        select p.organization_id, p.period, p.starts_at,
            coalesce(sum(p.change) filter (where p.name = 'status' and p.value = 'pending'), 0) as pending,
            coalesce(sum(p.change) filter (where p.name = 'status' and p.value = 'processed'), 0) as processed,
            coalesce(sum(p.change) filter (where p.name = 'status' and p.value = 'ignored'), 0) as ignored,
            coalesce(sum(p.change) filter (where p.name = 'status' and p.value = 'failed'), 0) as failed,
            coalesce(sum(p.change) filter (where p.name = 'status' and p.value = 'dead'), 0) as dead,
            coalesce(jsonb_object_agg(p.value, p.change) filter (where p.name = 'source'), '{}') as by_source,
            coalesce(jsonb_object_agg(p.value, p.change) filter (where p.name = 'type'), '{}') as by_type,
            coalesce(jsonb_object_agg(p.value, p.change) filter (where p.name = 'latency'), '{}') as by_latency
        from part p
        group by 1, 2, 3
    ), logs as (
        merge into app.webhook_log_tally t
        using log_delta d on t.organization_id = d.organization_id and t.period = d.period and t.starts_at = d.starts_at
        when matched and t.pending + t.processed + t.ignored + t.failed + t.dead
            + d.pending + d.processed + d.ignored + d.failed + d.dead = 0
            -- Deletes a row only if all its counts are zero. The counts of a dropped month (app.untally_webhook_logs) are subtracted
            -- separately by status, source, type and latency, possibly in several calls.
            and app.add_counts(t.by_source, d.by_source, 200) = '{}' and app.add_counts(t.by_type, d.by_type, 200) = '{}'
            and app.add_counts(t.by_latency, d.by_latency, 1000) = '{}' then delete
        when matched then update set
            pending = t.pending + d.pending,
            processed = t.processed + d.processed,
            ignored = t.ignored + d.ignored,
            failed = t.failed + d.failed,
            dead = t.dead + d.dead,
            by_source = app.add_counts(t.by_source, d.by_source, 200),
            by_type = app.add_counts(t.by_type, d.by_type, 200),
            by_latency = app.add_counts(t.by_latency, d.by_latency, 1000)
        when not matched then insert (
            organization_id, period, starts_at, pending, processed, ignored, failed, dead, by_source, by_type, by_latency)
        values (
            d.organization_id, d.period, d.starts_at, d.pending, d.processed, d.ignored, d.failed, d.dead,
            d.by_source, app.add_counts('{}', d.by_type, 200), d.by_latency)
    ), organization_delta as (
        select a.organization_id,
            coalesce(sum(a.change) filter (where a.subject = 'contact'), 0) as contacts,
            coalesce(sum(a.change) filter (where a.subject = 'lead' and a.status = 'new'), 0) as leads_new,
            coalesce(sum(a.change) filter (where a.subject = 'lead' and a.status = 'contacted'), 0) as leads_contacted,
            coalesce(sum(a.change) filter (where a.subject = 'lead' and a.status = 'responded'), 0) as leads_responded,
            coalesce(sum(a.change) filter (where a.subject = 'lead' and a.status = 'qualified'), 0) as leads_qualified,
            coalesce(sum(a.change) filter (where a.subject = 'lead' and a.status = 'converted'), 0) as leads_converted,
            coalesce(sum(a.change) filter (where a.subject = 'lead' and a.status = 'rejected'), 0) as leads_rejected
        from alike a
        where a.subject in ('contact', 'lead')
        group by 1
    ), organizations as (
        merge into app.organization_tally t
        using organization_delta d on t.organization_id = d.organization_id
        when matched then update set
            contacts = t.contacts + d.contacts,
            leads_new = t.leads_new + d.leads_new,
            leads_contacted = t.leads_contacted + d.leads_contacted,
            leads_responded = t.leads_responded + d.leads_responded,
            leads_qualified = t.leads_qualified + d.leads_qualified,
            leads_converted = t.leads_converted + d.leads_converted,
            leads_rejected = t.leads_rejected + d.leads_rejected
        when not matched then insert (
            organization_id, contacts, leads_new, leads_contacted, leads_responded, leads_qualified, leads_converted, leads_rejected)
        values (
            d.organization_id, d.contacts, d.leads_new, d.leads_contacted, d.leads_responded, d.leads_qualified, d.leads_converted,
            d.leads_rejected)
    )
    select coalesce(sum(changes), 0) into folded from alike;
    return folded;
end
$$;

revoke all on function app.fold_tally_changes(integer) from public;
grant execute on function app.fold_tally_changes(integer) to salesbrain_platform;
