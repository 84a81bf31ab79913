-- Finds the targets of effects and locks their contacts, so that none of them is merged or erased before the commit. Call it before
-- anything else that locks contacts or leads: a merge locks contacts first, then their leads. The lock is the one that a foreign key takes,
-- so parallel callers do not wait for each other.
create or replace function app.lock_contacts(effects app.webhook_effect[]) returns app.webhook_target[]
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    targets constant app.webhook_target[] := app.find_webhook_targets(effects);
    contacts constant uuid[] := array(select distinct t.contact_id from unnest(targets) t where t.contact_id is not null);
    locked integer;
begin
    select count(*) into locked
    from (select from app.contact k where k.id = any (contacts) order by k.id for key share) l;
    if locked < cardinality(contacts) then
        -- One was merged or erased after it had been found. The caller starts anew: locking another one now, out of order, could deadlock.
        raise serialization_failure using message = 'a contact was merged or erased while its event was processed';
    end if;
    return targets;
end
$$;

revoke all on function app.lock_contacts(app.webhook_effect[]) from public;
grant execute on function app.lock_contacts(app.webhook_effect[]) to salesbrain_platform;
