-- Tells browsers that a campaign's counters changed (channel campaign_metrics_update). The event has no counters: parallel transactions do
-- not see each other's. Whoever delivers it reads them then, at most once per campaign and second.
create or replace function app.tell_campaign_metrics() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    told_at timestamptz := clock_timestamp();
begin
    if not exists (select from changed) then
        return null;
    end if;
    if app.notifies() then
        perform pg_notify('campaign_metrics_update', jsonb_build_object('organization_id', c.organization_id, 'campaign_id', c.campaign_id)::text)
        from changed c
        group by c.organization_id, c.campaign_id;
    end if;
    if app.can_tell(told_at) then
        insert into app.live_event (organization_id, agency_id, client_id, channel, kind, entity, entity_id, campaign_id, at)
        select c.organization_id, c.agency_id, c.client_id, 'campaign_metrics_update', 'updated', 'campaign', c.id, c.id, told_at
        from app.campaign c
        where (c.organization_id, c.id) in (select d.organization_id, d.campaign_id from changed d);
    end if;
    return null;
end
$$;

revoke all on function app.tell_campaign_metrics() from public;

create or replace trigger tell_campaign_metrics_insert after insert on app.campaign_counter
    referencing new table as changed for each statement execute function app.tell_campaign_metrics();
create or replace trigger tell_campaign_metrics_update after update on app.campaign_counter
    referencing new table as changed for each statement execute function app.tell_campaign_metrics();
