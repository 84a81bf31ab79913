-- Applies the effects of a batch of webhook events, whose log rows the caller has locked, and marks the logs as processed: missing campaigns,
-- contacts and leads, activities, lead state, suppression, notifications, assignment counters.
-- The application (WebhookEventRules) decides what an event means. This function only writes the effects, set by set, so that a batch of any
-- size is one statement. An event's counters change only if its activity is new, and its state only if it is newer than the stored state. So
-- applying an event again changes nothing.
-- Rows are always locked in key order, so that parallel callers do not deadlock, and with NO KEY UPDATE, because FOR UPDATE conflicts with the
-- key locks that other callers' foreign keys hold on the same rows.
-- Returns the number of new contacts to assign. They are only queued here: assigning them locks their organization's pools, and the events of
-- one organization must not wait for those of another.
drop function if exists app.apply_webhook_events(jsonb, timestamptz);
create function app.apply_webhook_events(events jsonb, applied_at timestamptz)
returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    resolved app.webhook_event_resolution[];
    fresh uuid[];
    queued integer;
begin
    insert into app.campaign (id, organization_id, name, status, source, external_id, created_at, updated_at)
    select distinct on (e.organization_id, e.event_source, e.campaign_external_id)
        e.new_campaign_id, e.organization_id, coalesce(e.campaign_name, e.campaign_external_id), 'active', e.event_source, e.campaign_external_id,
        applied_at, applied_at
    from jsonb_to_recordset(events) as e (
        organization_id uuid, event_source text, campaign_external_id text, campaign_name text, new_campaign_id uuid, occurred_at timestamptz)
    where e.campaign_external_id is not null
        and not exists (
            select from app.campaign c
            where c.organization_id = e.organization_id and c.source = e.event_source and c.external_id = e.campaign_external_id)
        and not exists (
            select from app.campaign c
            where c.organization_id = e.organization_id and c.id::text = e.campaign_external_id)
    order by e.organization_id, e.event_source, e.campaign_external_id, (e.campaign_name is null), e.occurred_at
    on conflict (organization_id, source, external_id) do nothing;

    with made as (
        insert into app.contact (id, organization_id, email, email_norm, created_at, updated_at)
        select distinct on (e.organization_id, e.email_norm)
            e.new_contact_id, e.organization_id, e.email, e.email_norm, applied_at, applied_at
        from jsonb_to_recordset(events) as e (organization_id uuid, email text, email_norm text, new_contact_id uuid)
        where e.email_norm is not null
            and not exists (select from app.contact k where k.organization_id = e.organization_id and k.email_norm = e.email_norm)
        order by e.organization_id, e.email_norm
        on conflict (organization_id, email_norm) do nothing
        returning organization_id, id
    ), waiting as (
        insert into app.assignment_queue (organization_id, contact_id, source, queued_at)
        select m.organization_id, m.id, 'new_contact', applied_at
        from made m
        join app.assignment_ruleset s on s.organization_id = m.organization_id and s.assign_new_contacts
        returning contact_id
    )
    select count(*) into queued from waiting;

    -- Facts from events fill gaps; they never overwrite entered values.
    with facts as (
        select e.organization_id, e.email_norm,
            (array_agg(e.first_name order by e.occurred_at desc) filter (where e.first_name is not null))[1] as first_name,
            (array_agg(e.last_name order by e.occurred_at desc) filter (where e.last_name is not null))[1] as last_name,
            (array_agg(e.company order by e.occurred_at desc) filter (where e.company is not null))[1] as company,
            (array_agg(e.title order by e.occurred_at desc) filter (where e.title is not null))[1] as title,
            (array_agg(e.phone order by e.occurred_at desc) filter (where e.phone is not null))[1] as phone,
            (array_agg(e.website order by e.occurred_at desc) filter (where e.website is not null))[1] as website,
            (array_agg(e.linkedin_url order by e.occurred_at desc) filter (where e.linkedin_url is not null))[1] as linkedin_url,
            (array_agg(e.city order by e.occurred_at desc) filter (where e.city is not null))[1] as city,
            (array_agg(e.region order by e.occurred_at desc) filter (where e.region is not null))[1] as region,
            (array_agg(e.country order by e.occurred_at desc) filter (where e.country is not null))[1] as country,
            max(e.suppression) filter (where e.suppression = 'unsubscribed') as unsubscribed,
            max(e.suppression) filter (where e.suppression = 'bounced') as bounced,
            min(e.occurred_at) filter (where e.suppression is not null) as suppressed_at
        from jsonb_to_recordset(events) as e (
            organization_id uuid, email_norm text, occurred_at timestamptz, first_name text, last_name text, company text, title text,
            phone text, website text, linkedin_url text, city text, region text, country text, suppression text)
        where e.email_norm is not null
        group by e.organization_id, e.email_norm
    ), locked as (
        select k.id, f.*
        from facts f
        join app.contact k on k.organization_id = f.organization_id and k.email_norm = f.email_norm
        where (k.first_name is null and f.first_name is not null) or (k.last_name is null and f.last_name is not null)
            or (k.company is null and f.company is not null) or (k.title is null and f.title is not null)
            or (k.phone is null and f.phone is not null) or (k.website is null and f.website is not null)
            or (k.linkedin_url is null and f.linkedin_url is not null) or (k.city is null and f.city is not null)
            or (k.region is null and f.region is not null) or (k.country is null and f.country is not null)
            or (k.suppression = 'none' and f.suppressed_at is not null)
            or (k.suppression = 'bounced' and f.unsubscribed is not null)
        order by k.id
        for no key update of k
    )
    update app.contact k set
        first_name = coalesce(k.first_name, f.first_name),
        last_name = coalesce(k.last_name, f.last_name),
        company = coalesce(k.company, f.company),
        title = coalesce(k.title, f.title),
        phone = coalesce(k.phone, f.phone),
        website = coalesce(k.website, f.website),
        linkedin_url = coalesce(k.linkedin_url, f.linkedin_url),
        city = coalesce(k.city, f.city),
        region = coalesce(k.region, f.region),
        country = coalesce(k.country, f.country),
        -- An unsubscription overrides a bounce; a manual setting stays.
        suppression = case
            when k.suppression = 'none' then coalesce(f.unsubscribed, f.bounced, 'none')
            when k.suppression = 'bounced' then coalesce(f.unsubscribed, 'bounced')
            else k.suppression end,
        suppressed_at = case when k.suppression = 'none' then f.suppressed_at else k.suppressed_at end,
        updated_at = applied_at
    from locked f
    where k.organization_id = f.organization_id and k.id = f.id;

    insert into app.lead (id, organization_id, contact_id, campaign_id, agency_id, client_id, source, created_at, updated_at)
    select distinct on (e.organization_id, k.id, c.id)
        e.new_lead_id, e.organization_id, k.id, c.id, c.agency_id, c.client_id, e.event_source, applied_at, applied_at
    from jsonb_to_recordset(events) as e (
        organization_id uuid, event_source text, campaign_external_id text, email_norm text, new_lead_id uuid)
    join app.contact k on k.organization_id = e.organization_id and k.email_norm = e.email_norm
    cross join lateral (
        select c.id, c.agency_id, c.client_id from app.campaign c
        where c.organization_id = e.organization_id and c.source = e.event_source and c.external_id = e.campaign_external_id
        union all
        select c.id, c.agency_id, c.client_id from app.campaign c
        where c.organization_id = e.organization_id and c.id::text = e.campaign_external_id
        limit 1
    ) c
    where not exists (
        select from app.lead l
        where l.organization_id = e.organization_id and l.contact_id = k.id and l.campaign_id = c.id and l.deleted_at is null)
    order by e.organization_id, k.id, c.id
    on conflict (organization_id, contact_id, campaign_id) where deleted_at is null do nothing;

    -- From here on every event knows its rows.
    select array_agg(row(e.log_id, e.log_created_at, e.organization_id, c.id, k.id, l.id)::app.webhook_event_resolution)
    into resolved
    from jsonb_to_recordset(events) as e (
        log_id uuid, log_created_at timestamptz, organization_id uuid, event_source text, campaign_external_id text, email_norm text)
    left join lateral (
        select c.id from app.campaign c
        where c.organization_id = e.organization_id and c.source = e.event_source and c.external_id = e.campaign_external_id
        union all
        select c.id from app.campaign c
        where c.organization_id = e.organization_id and c.id::text = e.campaign_external_id
        limit 1
    ) c on e.campaign_external_id is not null
    left join app.contact k on k.organization_id = e.organization_id and k.email_norm = e.email_norm
    left join app.lead l on l.organization_id = e.organization_id and l.contact_id = k.id and l.campaign_id = c.id and l.deleted_at is null;

    with inserted as (
        insert into app.activity (
            id, organization_id, webhook_log_id, activity_type, contact_id, campaign_id, lead_id, occurred_at, details, created_at)
        select e.activity_id, e.organization_id, e.log_id, e.event_type, r.contact_id, r.campaign_id, r.lead_id, e.occurred_at,
            coalesce(e.details, '{}'), e.log_created_at
        from jsonb_to_recordset(events) as e (
            log_id uuid, log_created_at timestamptz, organization_id uuid, activity_id uuid, event_type text, occurred_at timestamptz, details jsonb)
        join unnest(resolved) r on r.log_id = e.log_id
        on conflict (organization_id, created_at, webhook_log_id) do nothing
        returning webhook_log_id
    )
    select coalesce(array_agg(webhook_log_id), '{}') into fresh from inserted;

    perform from app.lead l
    where (l.organization_id, l.id) in (select r.organization_id, r.lead_id from unnest(resolved) r where r.lead_id is not null)
    order by l.id
    for no key update;

    with delta as (
        select r.organization_id, r.lead_id,
            count(*) filter (where e.counter = 'sent' and e.log_id = any (fresh)) as sent,
            count(*) filter (where e.counter = 'opened' and e.log_id = any (fresh)) as opened,
            count(*) filter (where e.counter = 'clicked' and e.log_id = any (fresh)) as clicked,
            count(*) filter (where e.counter = 'replied' and e.log_id = any (fresh)) as replied,
            count(*) filter (where e.counter = 'bounced' and e.log_id = any (fresh)) as bounced,
            count(*) filter (where e.counter = 'unsubscribed' and e.log_id = any (fresh)) as unsubscribed,
            count(*) filter (where e.counter = 'interested' and e.log_id = any (fresh)) as interested,
            max(e.occurred_at) as last_activity_at,
            max(array_position(array['new', 'contacted', 'responded', 'qualified', 'converted'], e.lead_status)) as status_rank
        from jsonb_to_recordset(events) as e (log_id uuid, occurred_at timestamptz, counter text, lead_status text)
        join unnest(resolved) r on r.log_id = e.log_id
        where r.lead_id is not null
        group by r.organization_id, r.lead_id
    ), interest as (
        select distinct on (r.lead_id) r.lead_id, e.interest, e.label, e.occurred_at
        from jsonb_to_recordset(events) as e (log_id uuid, occurred_at timestamptz, interest text, label text)
        join unnest(resolved) r on r.log_id = e.log_id
        where r.lead_id is not null and e.interest is not null
        order by r.lead_id, e.occurred_at desc, e.log_id desc
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
        -- Forward only; converted and rejected are final.
        status = case
            when l.status <> 'rejected'
                and d.status_rank > array_position(array['new', 'contacted', 'responded', 'qualified', 'converted'], l.status)
            then (array['new', 'contacted', 'responded', 'qualified', 'converted'])[d.status_rank]
            else l.status end,
        interest = case when i.occurred_at > coalesce(l.interest_at, '-infinity') then i.interest else l.interest end,
        interest_label = case when i.occurred_at > coalesce(l.interest_at, '-infinity') then i.label else l.interest_label end,
        interest_at = case when i.occurred_at > coalesce(l.interest_at, '-infinity') then i.occurred_at else l.interest_at end,
        updated_at = applied_at
    from delta d
    left join interest i on i.lead_id = d.lead_id
    where l.organization_id = d.organization_id and l.id = d.lead_id;

    with newest as (
        select distinct on (r.campaign_id) r.organization_id, r.campaign_id, e.campaign_status, e.occurred_at
        from jsonb_to_recordset(events) as e (log_id uuid, occurred_at timestamptz, campaign_status text)
        join unnest(resolved) r on r.log_id = e.log_id
        where e.campaign_status is not null and r.campaign_id is not null
        order by r.campaign_id, e.occurred_at desc, e.log_id desc
    ), locked as (
        select n.* from newest n
        join app.campaign c on c.organization_id = n.organization_id and c.id = n.campaign_id
        order by c.id
        for no key update of c
    )
    update app.campaign c set
        -- An old event doesn't undo a newer one; an archived campaign stays archived.
        status = case
            when c.status = 'archived' then c.status
            when n.campaign_status = 'active' and n.occurred_at > coalesce(c.completed_at, '-infinity') then 'active'
            when n.campaign_status = 'completed' and n.occurred_at >= coalesce(c.started_at, '-infinity') then 'completed'
            else c.status end,
        started_at = case when n.campaign_status = 'active' then greatest(c.started_at, n.occurred_at) else c.started_at end,
        completed_at = case when n.campaign_status = 'completed' then greatest(c.completed_at, n.occurred_at) else c.completed_at end,
        updated_at = applied_at
    from locked n
    where c.organization_id = n.organization_id and c.id = n.campaign_id;

    with touched as (
        select r.organization_id, r.contact_id, count(*) as interactions,
            max(e.occurred_at) filter (where e.counter = 'sent') as contacted_at
        from jsonb_to_recordset(events) as e (log_id uuid, occurred_at timestamptz, counter text)
        join unnest(resolved) r on r.log_id = e.log_id
        where r.contact_id is not null and e.log_id = any (fresh)
        group by r.organization_id, r.contact_id
    ), locked as (
        select a.id, t.* from touched t
        join app.user_contact_assignment a on a.organization_id = t.organization_id and a.contact_id = t.contact_id and a.status = 'active'
        order by a.id
        for no key update of a
    )
    update app.user_contact_assignment a set
        interactions_count = a.interactions_count + t.interactions,
        last_contacted_at = greatest(a.last_contacted_at, t.contacted_at),
        updated_at = applied_at
    from locked t
    where a.organization_id = t.organization_id and a.id = t.id;

    with told as (
        select e.log_id, r.organization_id, r.campaign_id, r.lead_id, e.event_type, e.notification_title, e.notification_body, e.notification_audience
        from jsonb_to_recordset(events) as e (
            log_id uuid, event_type text, notification_audience text, notification_title text, notification_body text)
        join unnest(resolved) r on r.log_id = e.log_id
        where e.notification_audience is not null and e.log_id = any (fresh)
    ), recipient as (
        select t.log_id, u.id as user_id
        from told t
        join app.lead l on l.organization_id = t.organization_id and l.id = t.lead_id
        join app.user u on u.organization_id = l.organization_id and u.id = l.assigned_to and u.status = 'active'
        where t.notification_audience = 'assignee'
        union
        select t.log_id, u.id
        from told t
        join app.user_campaign_assignment a on a.organization_id = t.organization_id and a.campaign_id = t.campaign_id
            and a.role = 'owner' and a.status = 'active'
        join app.user u on u.organization_id = a.organization_id and u.id = a.user_id and u.status = 'active'
        where t.notification_audience = 'assignee'
            and not exists (
                select from app.lead l
                join app.user lu on lu.organization_id = l.organization_id and lu.id = l.assigned_to and lu.status = 'active'
                where l.organization_id = t.organization_id and l.id = t.lead_id)
        union
        select t.log_id, u.id
        from told t
        join app.user u on u.organization_id = t.organization_id and u.role in ('owner', 'admin') and u.status = 'active'
        where t.notification_audience = 'administrators'
    )
    insert into app.notification as n (
        organization_id, user_id, type, title, body, link_entity, link_id, burst_key, burst_at, count, created_at)
    select t.organization_id, p.user_id, t.event_type,
        (array_agg(t.notification_title order by t.log_id desc))[1], (array_agg(t.notification_body order by t.log_id desc))[1],
        case when max(t.lead_id::text) is not null then 'lead' when t.campaign_id is not null then 'campaign' end,
        coalesce((array_agg(t.lead_id order by t.log_id desc))[1], t.campaign_id),
        coalesce(t.campaign_id::text, ''), date_bin('10 minutes', applied_at, 'epoch'), count(*), applied_at
    from told t
    join recipient p on p.log_id = t.log_id
    group by t.organization_id, p.user_id, t.event_type, t.campaign_id
    order by t.organization_id, p.user_id, t.event_type, t.campaign_id
    on conflict (organization_id, user_id, type, burst_key, burst_at) do update set
        title = excluded.title, body = excluded.body, link_entity = excluded.link_entity, link_id = excluded.link_id,
        count = n.count + excluded.count, read_at = null;

    update app.webhook_log w set
        status = 'processed',
        retry_count = w.retry_count + (w.status = 'failed')::int,
        last_retry_at = case when w.status = 'failed' then applied_at else w.last_retry_at end,
        campaign_id = r.campaign_id,
        contact_id = r.contact_id,
        error_code = null,
        error_message = null,
        due_at = null,
        processed_at = applied_at,
        processing_ms = greatest(0, round(extract(epoch from clock_timestamp() - transaction_timestamp()) * 1000))
    from unnest(resolved) r
    where w.organization_id = r.organization_id and w.created_at = r.log_created_at and w.id = r.log_id;
    return queued;
end
$$;

revoke all on function app.apply_webhook_events(jsonb, timestamptz) from public;
grant execute on function app.apply_webhook_events(jsonb, timestamptz) to salesbrain_platform;
