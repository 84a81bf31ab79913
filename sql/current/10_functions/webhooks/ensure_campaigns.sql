-- Creates the campaigns that effects name and that were not found.
create or replace function app.ensure_campaigns(effects app.webhook_effect[], targets app.webhook_target[], applied_at timestamptz)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into app.campaign (id, organization_id, name, status, source, external_id, created_at, updated_at)
    select distinct on (e.organization_id, e.event_source, e.campaign_external_id)
        e.new_campaign_id, e.organization_id, coalesce(e.campaign_name, e.campaign_external_id), 'active', e.event_source,
        e.campaign_external_id, applied_at, applied_at
    from unnest(effects, targets) as e
    where e.campaign_external_id is not null and e.campaign_id is null
    order by e.organization_id, e.event_source, e.campaign_external_id, (e.campaign_name is null), e.occurred_at
    on conflict (organization_id, source, external_id) do nothing;
end
$$;

revoke all on function app.ensure_campaigns(app.webhook_effect[], app.webhook_target[], timestamptz) from public;
grant execute on function app.ensure_campaigns(app.webhook_effect[], app.webhook_target[], timestamptz) to salesbrain_platform;
