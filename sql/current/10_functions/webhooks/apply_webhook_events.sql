-- Applies the effects of a batch of webhook events, whose log rows the caller has locked, and marks the logs as processed. Returns how many
-- new contacts it queued for automatic assignment. `events` is a JSON array of WebhookEffect.
-- The application decides what an event means (WebhookEventRules). The steps write it for the whole batch at once, so the caller sends one
-- statement for a batch of any size. Applying an event again changes nothing: counters count only new activities, a lead's status only
-- moves forward, and its interest, its deal and the campaign's status change only for newer events.
-- Parallel callers wait for each other instead of deadlocking, because all run the steps in this order, and each step locks its rows in a
-- fixed order: contacts, campaigns, leads, campaign counters, activities, assignments, notifications, versions of log lists. The steps lock
-- FOR NO KEY UPDATE. FOR UPDATE would wait for parallel callers that insert rows with foreign keys to the same rows. `organizations` are
-- all whose logs the caller changes, if it changes others afterwards.
drop function if exists app.apply_webhook_events(jsonb, timestamptz);
drop function if exists app.apply_webhook_events(jsonb, timestamptz, uuid[]);
create function app.apply_webhook_events(events jsonb, applied_at timestamptz, organizations uuid[] default null)
returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    effects app.webhook_effect[];
    known app.webhook_effect[];
    targets app.webhook_target[];
    queued integer := 0;
begin
    effects := array(select e from jsonb_populate_recordset(null::app.webhook_effect, events) e);

    targets := app.lock_contacts(effects);
    if exists (
        select from unnest(effects, targets) as e
        where (e.campaign_external_id is not null and e.campaign_id is null) or (e.email_norm is not null and e.contact_id is null)) then
        known := app.without_erased(effects, targets);
        if cardinality(known) < cardinality(effects) then
            effects := known;
            targets := app.lock_contacts(effects);
        end if;
        perform app.ensure_campaigns(effects, targets, applied_at);
        queued := app.ensure_contacts(effects, targets, applied_at);
        targets := app.lock_contacts(effects);
        if exists (select from unnest(effects, targets) as e where e.email_norm is not null and e.contact_id is null) then
            -- Somebody else made the contact, and erased it before it was locked. The caller starts anew.
            raise serialization_failure using message = 'a contact was erased while its event was processed';
        end if;
    end if;
    perform app.update_contacts(effects, targets, applied_at);
    -- Before the leads: a person who moves a campaign to another agency locks the campaign first and then its leads.
    perform app.advance_campaigns(effects, targets, applied_at);
    targets := app.ensure_leads(effects, targets, applied_at);

    targets := app.record_activities(effects, targets);
    perform app.advance_leads(effects, targets, applied_at);
    perform app.record_deals(effects, targets, applied_at);
    perform app.count_interactions(effects, targets, applied_at);
    perform app.notify_of_events(effects, targets, applied_at);
    if organizations is not null then
        perform app.lock_webhook_log_versions(organizations);
    end if;
    perform app.mark_webhooks_processed(effects, targets, applied_at);
    return queued;
end
$$;

revoke all on function app.apply_webhook_events(jsonb, timestamptz, uuid[]) from public;
grant execute on function app.apply_webhook_events(jsonb, timestamptz, uuid[]) to salesbrain_platform;
