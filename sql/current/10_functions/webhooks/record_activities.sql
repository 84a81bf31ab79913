-- Writes the activity of each effect, one for each webhook log. Returns the targets again, with is_new for those whose activity did not
-- exist before.
create or replace function app.record_activities(effects app.webhook_effect[], targets app.webhook_target[]) returns app.webhook_target[]
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    marked app.webhook_target[];
begin
    with inserted as (
        insert into app.activity (
            id, organization_id, webhook_log_id, activity_type, contact_id, campaign_id, lead_id, occurred_at, details, created_at)
        select e.activity_id, e.organization_id, e.log_id, e.event_type, e.contact_id, e.campaign_id, e.lead_id, e.occurred_at,
            coalesce(e.details, '{}'), e.log_created_at
        from unnest(effects, targets) as e
        on conflict (organization_id, created_at, webhook_log_id) do nothing
        returning webhook_log_id
    )
    -- As an expression the sub-select is hashed. A join would compare each with each: its plan does not know how long the lists are.
    select array_agg(
        row(e.campaign_id, e.contact_id, e.lead_id, e.log_id in (select i.webhook_log_id from inserted i))::app.webhook_target
        order by e.ordinality)
    into marked
    from unnest(effects, targets) with ordinality as e;
    return marked;
end
$$;

revoke all on function app.record_activities(app.webhook_effect[], app.webhook_target[]) from public;
grant execute on function app.record_activities(app.webhook_effect[], app.webhook_target[]) to salesbrain_platform;
