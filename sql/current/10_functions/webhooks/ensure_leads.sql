-- Creates the lead of each contact and campaign that an effect names together, where both exist and have no live lead yet. Returns the
-- targets of the effects with these leads. The contacts are locked. Locks the leads that are there already; fails with
-- serialization_failure if one that somebody else has just made or moved here is locked, and the caller starts anew: waiting for it now,
-- out of order, could deadlock.
drop function if exists app.ensure_leads(app.webhook_effect[], timestamptz);
create or replace function app.ensure_leads(effects app.webhook_effect[], targets app.webhook_target[], applied_at timestamptz)
returns app.webhook_target[]
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    found_targets app.webhook_target[];
    others uuid[];
    locked integer;
begin
    if not exists (
        select from unnest(effects, targets) as e
        where e.campaign_id is not null and e.contact_id is not null and e.lead_id is null) then
        return targets;
    end if;

    perform app.lock_leads(effects, targets);
    -- Both this step and app.advance_leads change counters.
    perform app.lock_campaign_counters(
        array(select e.organization_id from unnest(effects, targets) as e where e.campaign_id is not null and e.contact_id is not null),
        array(select e.campaign_id from unnest(effects, targets) as e where e.campaign_id is not null and e.contact_id is not null));

    insert into app.lead (id, organization_id, contact_id, campaign_id, agency_id, client_id, source, score, created_at, updated_at)
    select distinct on (e.organization_id, e.contact_id, e.campaign_id)
        e.new_lead_id, e.organization_id, e.contact_id, e.campaign_id, c.agency_id, c.client_id, e.event_source,
        app.lead_score('new', null, 'medium', applied_at, applied_at, o.lead_score_weights), applied_at, applied_at
    from unnest(effects, targets) as e
    join app.campaign c on c.organization_id = e.organization_id and c.id = e.campaign_id
    join app.organization o on o.id = e.organization_id
    where e.contact_id is not null and e.lead_id is null
    order by e.organization_id, e.contact_id, e.campaign_id
    on conflict (organization_id, contact_id, campaign_id) where deleted_at is null do nothing;

    found_targets := app.find_webhook_targets(effects);
    others := array(
        select e.lead_id
        from unnest(effects, found_targets) as e
        where e.lead_id is not null
        except
        select t.lead_id from unnest(targets) t
        except
        select e.new_lead_id from unnest(effects) e);
    if cardinality(others) > 0 then
        select count(*) into locked
        from (select from app.lead l where l.id = any (others) for no key update skip locked) l;
        if locked < cardinality(others) then
            raise serialization_failure using message = 'a lead was added or moved while its event was processed';
        end if;
    end if;
    return found_targets;
end
$$;

revoke all on function app.ensure_leads(app.webhook_effect[], app.webhook_target[], timestamptz) from public;
grant execute on function app.ensure_leads(app.webhook_effect[], app.webhook_target[], timestamptz) to salesbrain_platform;
