-- Tells browsers how many webhook logs a statement changed, by their status (channel webhook_log_change): an event for each organization.
-- Writers do not wait for each other. Whoever delivers the events adds up those of a second.
create or replace function app.tell_webhook_log_changes() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    told_at timestamptz := clock_timestamp();
begin
    if not exists (select from changed) then
        return null;
    end if;
    if app.can_tell(told_at) then
        insert into app.live_event (organization_id, channel, kind, entity, data, at)
        select s.organization_id, 'webhook_log_change',
            case tg_op when 'INSERT' then 'created' when 'UPDATE' then 'updated' else 'deleted' end,
            'webhook_log', jsonb_object_agg(s.status, s.logs), told_at
        from (select c.organization_id, c.status, count(*) as logs from changed c group by c.organization_id, c.status) s
        group by s.organization_id;
    end if;
    return null;
end
$$;

revoke all on function app.tell_webhook_log_changes() from public;

create or replace trigger tell_webhook_log_changes_insert after insert on app.webhook_log
    referencing new table as changed for each statement execute function app.tell_webhook_log_changes();
create or replace trigger tell_webhook_log_changes_update after update on app.webhook_log
    referencing new table as changed for each statement execute function app.tell_webhook_log_changes();
create or replace trigger tell_webhook_log_changes_delete after delete on app.webhook_log
    referencing old table as changed for each statement execute function app.tell_webhook_log_changes();
