-- Applies a batch of events of WhatsApp, whose log rows the caller has locked, and marks the logs. Returns the logs whose events had no
-- effect, with the reason. `events` is a JSON array of WhatsappEvent. Applying an event again changes nothing: a message is stored under
-- its vendor's id once, and statuses only rise.
-- Parallel callers wait for each other instead of deadlocking, because the steps lock in this order, and each in a fixed order: people,
-- contacts, agents, conversations, messages, leads, assignments, versions of log lists. A batch with a changed number is sent apart: what
-- the person wrote before and after is another conversation's.
drop function if exists app.apply_whatsapp_events(jsonb, timestamptz);
create or replace function app.apply_whatsapp_events(events jsonb, applied_at timestamptz, changed uuid[] default null)
returns table (log_id uuid, error_code text)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    list app.whatsapp_event[];
    targets app.whatsapp_target[];
    organizations uuid[];
    conversations uuid[];
begin
    list := array(select e from jsonb_populate_recordset(null::app.whatsapp_event, events) e);
    targets := app.find_whatsapp_targets(list, applied_at);
    perform app.lock_whatsapp_contacts(targets);
    select array_agg(e.organization_id), array_agg(e.conversation_id) into organizations, conversations
    from unnest(list, targets) as e
    where e.begins;
    perform app.lock_conversation_agents(b.organization_id, applied_at)
    from (select distinct o.id as organization_id from unnest(organizations) as o (id) order by o.id) b;
    perform app.lock_whatsapp_conversations(list, targets);
    perform app.move_whatsapp_people(list, targets, applied_at);
    targets := app.store_whatsapp_messages(list, targets, applied_at);
    if conversations is not null then
        perform app.assign_new_conversations(organizations, conversations, applied_at);
    end if;
    perform app.merge_whatsapp_statuses(list, targets, applied_at);
    perform app.record_whatsapp_activities(list, targets, applied_at);

    -- Not with every delivery: each change of the account raises its version.
    with locked as (
        select a.organization_id
        from app.whatsapp_account a
        where a.organization_id in (select e.organization_id from unnest(list) as e)
            and (a.webhook_seen_at is null or a.webhook_seen_at < applied_at - interval '1 hour')
        order by a.organization_id
        -- Whoever has the account now notes it, or a later delivery does.
        for no key update skip locked
    )
    update app.whatsapp_account a set webhook_seen_at = applied_at
    from locked l
    where a.organization_id = l.organization_id;
    if changed is not null then
        perform app.lock_webhook_log_versions(changed);
    end if;
    perform app.mark_whatsapp_logs(list, targets, applied_at);
    return query
    select e.log_id, e.ignored
    from unnest(list, targets) as e
    where e.ignored is not null;
end
$$;

revoke all on function app.apply_whatsapp_events(jsonb, timestamptz, uuid[]) from public;
grant execute on function app.apply_whatsapp_events(jsonb, timestamptz, uuid[]) to salesbrain_platform;
