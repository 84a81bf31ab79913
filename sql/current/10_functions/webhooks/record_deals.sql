-- Sets the deal amounts of leads, which app.advance_leads has locked, from their events: the newest event decides, and an amount that a
-- person entered stays. Apart from app.advance_leads, because few events carry an amount.
create or replace function app.record_deals(effects app.webhook_effect[], targets app.webhook_target[], applied_at timestamptz)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from unnest(effects) e where e.deal_amount is not null) then
        return;
    end if;

    update app.lead l set
        deal_amount = d.deal_amount, deal_currency = d.deal_currency, deal_entered_by = 'webhook', deal_at = d.occurred_at,
        updated_at = applied_at
    from (
        select distinct on (e.organization_id, e.lead_id) e.organization_id, e.lead_id, e.deal_amount, e.deal_currency, e.occurred_at
        from unnest(effects, targets) as e
        where e.deal_amount is not null and e.lead_id is not null
        order by e.organization_id, e.lead_id, e.occurred_at desc, e.log_id desc
    ) d
    where l.organization_id = d.organization_id and l.id = d.lead_id and d.occurred_at > coalesce(l.deal_at, '-infinity');
end
$$;

revoke all on function app.record_deals(app.webhook_effect[], app.webhook_target[], timestamptz) from public;
grant execute on function app.record_deals(app.webhook_effect[], app.webhook_target[], timestamptz) to salesbrain_platform;
