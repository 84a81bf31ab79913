-- Notifies users of new activities. The audience `assignee` is the lead's assignee, else the campaign's owners; `administrators` are the
-- organization's owners and admins. A burst (one campaign, type and user within ten minutes) is one notification with a count.
create or replace function app.notify_of_events(effects app.webhook_effect[], targets app.webhook_target[], applied_at timestamptz)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into app.notification as n (
        organization_id, user_id, type, title, body, link_entity, link_id, burst_key, burst_at, count, created_at)
    select e.organization_id, r.user_id, e.event_type,
        (array_agg(e.notification_title order by e.log_id desc))[1], (array_agg(e.notification_body order by e.log_id desc))[1],
        case when max(e.lead_id::text) is not null then 'lead' when e.campaign_id is not null then 'campaign' end,
        coalesce((array_agg(e.lead_id order by e.log_id desc))[1], e.campaign_id),
        coalesce(e.campaign_id::text, ''), date_bin('10 minutes', applied_at, 'epoch'), count(*), applied_at
    from unnest(effects, targets) as e
    cross join lateral (
        select u.id as user_id
        from app.lead l
        join app.user u on u.organization_id = l.organization_id and u.id = l.assigned_to and u.status = 'active'
        where e.notification_audience = 'assignee' and l.organization_id = e.organization_id and l.id = e.lead_id
        union all
        select u.id
        from app.user_campaign_assignment a
        join app.user u on u.organization_id = a.organization_id and u.id = a.user_id and u.status = 'active'
        where e.notification_audience = 'assignee' and a.organization_id = e.organization_id and a.campaign_id = e.campaign_id
            and a.role = 'owner' and a.status = 'active'
            and not exists (
                select from app.lead l
                join app.user lu on lu.organization_id = l.organization_id and lu.id = l.assigned_to and lu.status = 'active'
                where l.organization_id = e.organization_id and l.id = e.lead_id)
        union all
        select u.id
        from app.user u
        where e.notification_audience = 'administrators' and u.organization_id = e.organization_id
            and u.role in ('owner', 'admin') and u.status = 'active'
    ) r
    where e.is_new and e.notification_audience is not null
    group by e.organization_id, r.user_id, e.event_type, e.campaign_id
    order by e.organization_id, r.user_id, e.event_type, e.campaign_id
    on conflict (organization_id, user_id, type, burst_key, burst_at) do update set
        title = excluded.title, body = excluded.body, link_entity = excluded.link_entity, link_id = excluded.link_id,
        count = n.count + excluded.count, read_at = null;
end
$$;

revoke all on function app.notify_of_events(app.webhook_effect[], app.webhook_target[], timestamptz) from public;
grant execute on function app.notify_of_events(app.webhook_effect[], app.webhook_target[], timestamptz) to salesbrain_platform;
