-- Writes an activity for each new message of a contact that is a lead, and lets the lead respond, as a reply by e-mail does. A contact with
-- several leads has written about one of them: the one that is still open and was active last.
create or replace function app.record_whatsapp_activities(events app.whatsapp_event[], targets app.whatsapp_target[], applied_at timestamptz) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    effects app.webhook_effect[];
    leads app.webhook_target[];
begin
    select array_agg(jsonb_populate_record(null::app.webhook_effect, jsonb_build_object(
            'log_id', e.log_id, 'log_created_at', e.log_created_at, 'organization_id', e.organization_id, 'event_source', 'whatsapp',
            'event_type', 'whatsapp.message', 'occurred_at', e.occurred_at, 'activity_id', e.activity_id, 'details', e.details,
            'lead_status', 'responded')) order by e.ordinality),
        array_agg(row(l.campaign_id, e.contact_id, l.id, false)::app.webhook_target order by e.ordinality)
    into effects, leads
    from unnest(events, targets) with ordinality as e
    cross join lateral (
        select l.id, l.campaign_id
        from app.lead l
        where l.organization_id = e.organization_id and l.contact_id = e.contact_id and l.deleted_at is null
        order by l.status in ('converted', 'rejected'), l.last_activity_at desc nulls last, l.created_at desc, l.id
        limit 1
    ) l
    where e.is_new and e.is_news;
    if effects is null then
        return;
    end if;
    perform app.lock_leads(effects, leads);
    leads := app.record_activities(effects, leads);
    perform app.advance_leads(effects, leads, applied_at);
    perform app.count_interactions(effects, leads, applied_at);
end
$$;

revoke all on function app.record_whatsapp_activities(app.whatsapp_event[], app.whatsapp_target[], timestamptz) from public;
grant execute on function app.record_whatsapp_activities(app.whatsapp_event[], app.whatsapp_target[], timestamptz) to salesbrain_platform;
