-- Finds the campaign, contact and live lead of each effect, null where there is none: targets[i] belongs to effects[i]. A campaign is known
-- by the id that its source gave it, else by ours; a contact by its address, also by one that it has from a contact that was merged into
-- it. Later steps read both lists side by side with unnest(effects, targets).
-- The limits keep each look-up a look-up: in a young database without statistics a join would read all leads.
create or replace function app.find_webhook_targets(effects app.webhook_effect[]) returns app.webhook_target[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return array(
        select row(c.id, k.id, l.id, false)::app.webhook_target
        from unnest(effects) with ordinality as e
        left join lateral (
            select c.id from app.campaign c
            where c.organization_id = e.organization_id and c.source = e.event_source and c.external_id = e.campaign_external_id
            union all
            select c.id from app.campaign c
            where e.campaign_external_id is not null and c.organization_id = e.organization_id and c.id::text = e.campaign_external_id
            limit 1
        ) c on true
        left join lateral (
            select k.id from app.contact k
            where k.organization_id = e.organization_id and k.email_norm = e.email_norm
            union all
            select a.contact_id from app.contact_former_email a
            where a.organization_id = e.organization_id and a.email_norm = e.email_norm
            limit 1
        ) k on true
        left join lateral (
            select l.id from app.lead l
            where l.organization_id = e.organization_id and l.contact_id = k.id and l.campaign_id = c.id and l.deleted_at is null
            limit 1
        ) l on true
        order by e.ordinality);
end
$$;

revoke all on function app.find_webhook_targets(app.webhook_effect[]) from public;
grant execute on function app.find_webhook_targets(app.webhook_effect[]) to salesbrain_platform;
