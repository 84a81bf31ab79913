-- Sets the status and times of campaigns that events started or completed. An old event does not undo a newer one; an archived campaign
-- stays archived.
create or replace function app.advance_campaigns(effects app.webhook_effect[], targets app.webhook_target[], applied_at timestamptz)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    with newest as (
        select distinct on (e.campaign_id) e.organization_id, e.campaign_id, e.campaign_status, e.occurred_at
        from unnest(effects, targets) as e
        where e.campaign_status is not null and e.campaign_id is not null
        order by e.campaign_id, e.occurred_at desc, e.log_id desc
    ), locked as (
        select n.organization_id, n.campaign_id, n.campaign_status, n.occurred_at
        from newest n
        join app.campaign c on c.organization_id = n.organization_id and c.id = n.campaign_id
        order by c.id
        for no key update of c
    )
    update app.campaign c set
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
end
$$;

revoke all on function app.advance_campaigns(app.webhook_effect[], app.webhook_target[], timestamptz) from public;
grant execute on function app.advance_campaigns(app.webhook_effect[], app.webhook_target[], timestamptz) to salesbrain_platform;
