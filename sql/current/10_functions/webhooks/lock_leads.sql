-- Locks the leads that effects apply to, in the order of their ids. Call it before anything that changes campaign counters, such as
-- creating leads: an edit of a lead locks the lead first and its campaign's counters second, and the other order could deadlock.
create or replace function app.lock_leads(effects app.webhook_effect[], targets app.webhook_target[]) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    perform from app.lead l
    where (l.organization_id, l.id) in (select e.organization_id, e.lead_id from unnest(effects, targets) as e where e.lead_id is not null)
    order by l.id
    for no key update;
end
$$;

revoke all on function app.lock_leads(app.webhook_effect[], app.webhook_target[]) from public;
grant execute on function app.lock_leads(app.webhook_effect[], app.webhook_target[]) to salesbrain_platform;
