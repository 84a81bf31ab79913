-- Appends to app.tally_change how a statement changes the counts of webhook logs. app.fold_tally_changes adds the changes to the tally
-- later.
create or replace function app.tally_webhook_logs() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    -- old_logs does not exist for INSERT, and new_logs does not exist for DELETE.
    if tg_op = 'INSERT' then
        insert into app.tally_change (organization_id, subject, hour, status, event_source, event_type, latency, change)
        select n.organization_id, 'webhook_log', date_bin('1 hour', n.created_at, 'epoch'), n.status, n.event_source, n.event_type,
            case when n.status = 'processed' then app.latency_bucket(n.processing_ms) end, count(*)
        from new_logs n
        group by 1, 3, 4, 5, 6, 7;
    elsif tg_op = 'DELETE' then
        insert into app.tally_change (organization_id, subject, hour, status, event_source, event_type, latency, change)
        select o.organization_id, 'webhook_log', date_bin('1 hour', o.created_at, 'epoch'), o.status, o.event_source, o.event_type,
            case when o.status = 'processed' then app.latency_bucket(o.processing_ms) end, -count(*)
        from old_logs o
        group by 1, 3, 4, 5, 6, 7;
    -- Every statement that stores webhooks also updates the logs of duplicates. Usually there are none, and nothing is appended.
    elsif exists (select from new_logs) then
        insert into app.tally_change (organization_id, subject, hour, status, event_source, event_type, latency, change)
        select l.organization_id, 'webhook_log', date_bin('1 hour', l.created_at, 'epoch'), l.status, l.event_source, l.event_type,
            case when l.status = 'processed' then app.latency_bucket(l.processing_ms) end, sum(l.sign)
        from (
            select 1 as sign, n.organization_id, n.created_at, n.status, n.event_source, n.event_type, n.processing_ms from new_logs n
            union all
            select -1, o.organization_id, o.created_at, o.status, o.event_source, o.event_type, o.processing_ms from old_logs o
        ) l
        group by 1, 3, 4, 5, 6, 7
        having sum(l.sign) <> 0;
    end if;
    return null;
end
$$;

revoke all on function app.tally_webhook_logs() from public;

create or replace trigger tally_webhook_logs_insert after insert on app.webhook_log
    referencing new table as new_logs for each statement execute function app.tally_webhook_logs();
create or replace trigger tally_webhook_logs_update after update on app.webhook_log
    referencing old table as old_logs new table as new_logs for each statement execute function app.tally_webhook_logs();
create or replace trigger tally_webhook_logs_delete after delete on app.webhook_log
    referencing old table as old_logs for each statement execute function app.tally_webhook_logs();
