-- Updates leads by their events: the counters (new activities only), the time of the last activity, the status (it only moves forward),
-- when the lead was closed, the interest (the newest event decides), and the score, as the trigger keep_lead_score would compute it.
create or replace function app.advance_leads(effects app.webhook_effect[], targets app.webhook_target[], applied_at timestamptz)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.lock_leads(effects, targets);

    with delta as (
        select e.organization_id, e.lead_id,
            count(*) filter (where e.is_new and e.counter = 'sent') as sent,
            count(*) filter (where e.is_new and e.counter = 'opened') as opened,
            count(*) filter (where e.is_new and e.counter = 'clicked') as clicked,
            count(*) filter (where e.is_new and e.counter = 'replied') as replied,
            count(*) filter (where e.is_new and e.counter = 'bounced') as bounced,
            count(*) filter (where e.is_new and e.counter = 'unsubscribed') as unsubscribed,
            count(*) filter (where e.is_new and e.counter = 'interested') as interested,
            max(e.occurred_at) as last_activity_at,
            (app.lead_status_order())[max(array_position(app.lead_status_order(), e.lead_status))] as status,
            (array_agg(e.interest order by e.occurred_at desc, e.log_id desc) filter (where e.interest is not null))[1] as interest,
            (array_agg(e.label order by e.occurred_at desc, e.log_id desc) filter (where e.interest is not null))[1] as interest_label,
            max(e.occurred_at) filter (where e.interest is not null) as interest_at,
            min(e.occurred_at) filter (where e.lead_status = 'converted') as converted_at
        -- Pairs each effect with its target.
        from unnest(effects, targets) as e
        where e.lead_id is not null
        group by e.organization_id, e.lead_id
    )
    update app.lead l set
        sent_count = l.sent_count + d.sent,
        opened_count = l.opened_count + d.opened,
        clicked_count = l.clicked_count + d.clicked,
        replied_count = l.replied_count + d.replied,
        bounced_count = l.bounced_count + d.bounced,
        unsubscribed_count = l.unsubscribed_count + d.unsubscribed,
        interested_count = l.interested_count + d.interested,
        last_activity_at = greatest(l.last_activity_at, d.last_activity_at),
        status = app.advanced_lead_status(l.status, d.status),
        closed_at = case
            when l.status <> 'converted' and app.advanced_lead_status(l.status, d.status) = 'converted' then d.converted_at
            else l.closed_at end,
        score = app.lead_score(
            app.advanced_lead_status(l.status, d.status), l.qualification_score, l.priority,
            greatest(l.last_activity_at, d.last_activity_at), applied_at, o.lead_score_weights),
        interest = case when d.interest_at > coalesce(l.interest_at, '-infinity') then d.interest else l.interest end,
        interest_label = case when d.interest_at > coalesce(l.interest_at, '-infinity') then d.interest_label else l.interest_label end,
        interest_at = case when d.interest_at > coalesce(l.interest_at, '-infinity') then d.interest_at else l.interest_at end,
        updated_at = applied_at
    from delta d
    join app.organization o on o.id = d.organization_id
    where l.organization_id = d.organization_id and l.id = d.lead_id;
end
$$;

revoke all on function app.advance_leads(app.webhook_effect[], app.webhook_target[], timestamptz) from public;
grant execute on function app.advance_leads(app.webhook_effect[], app.webhook_target[], timestamptz) to salesbrain_platform;
