-- Applies the effects of a batch of webhook events, whose log rows the caller has locked, and marks the logs as processed. Returns how many
-- new contacts it queued for automatic assignment. `events` is a JSON array of WebhookEffect.
-- The application decides what an event means (WebhookEventRules). The steps write it for the whole batch at once, so the caller sends one
-- statement for a batch of any size. Applying an event again changes nothing: counters count only new activities, a lead's status only moves
-- forward, and its interest, its deal and the campaign's status change only for newer events.
-- Parallel callers wait for each other instead of deadlocking, because all run the steps in this order, and each step locks its rows in a fixed
-- order. The steps lock FOR NO KEY UPDATE. FOR UPDATE would wait for parallel callers that insert rows with foreign keys to the same rows.
drop function if exists app.apply_webhook_events(jsonb, timestamptz);
create function app.apply_webhook_events(events jsonb, applied_at timestamptz)
returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    effects app.webhook_effect[];
    targets app.webhook_target[];
    queued integer;
begin
    effects := array(select e from jsonb_populate_recordset(null::app.webhook_effect, events) e);

    targets := app.find_webhook_targets(effects);
    perform app.ensure_campaigns(effects, targets, applied_at);
    queued := app.ensure_contacts(effects, targets, applied_at);
    perform app.update_contacts(effects, applied_at);
    targets := app.ensure_leads(effects, applied_at);

    targets := app.record_activities(effects, targets);
    perform app.advance_leads(effects, targets, applied_at);
    perform app.record_deals(effects, targets, applied_at);
    perform app.advance_campaigns(effects, targets, applied_at);
    perform app.count_interactions(effects, targets, applied_at);
    perform app.notify_of_events(effects, targets, applied_at);
    perform app.mark_webhooks_processed(effects, targets, applied_at);
    return queued;
end
$$;

revoke all on function app.apply_webhook_events(jsonb, timestamptz) from public;
grant execute on function app.apply_webhook_events(jsonb, timestamptz) to salesbrain_platform;
