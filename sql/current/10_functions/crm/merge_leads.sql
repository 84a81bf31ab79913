-- The step of app.merge_contacts that moves leads and activities. Two live leads of one campaign become one, that of the surviving contact:
-- its counters are the sums, its status is the further one, its interest the newest; it keeps its assignee and fills its gaps. The other is
-- deleted; `joined` has the ids of those.
drop function if exists app.merge_leads(uuid, uuid, uuid, timestamptz);
create function app.merge_leads(
    organization uuid, merged uuid, survivor uuid, merged_at timestamptz, out moved integer, out joined uuid[], out activities integer)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    -- An event moves a lead through them in this order. `rejected` is an end, so it is further than all but `converted`.
    order_of_status constant text[] := array['new', 'contacted', 'responded', 'qualified', 'rejected', 'converted'];
    order_of_priority constant text[] := array['low', 'medium', 'high', 'urgent'];
    campaigns uuid[];
    gone_leads uuid[];
    kept_leads uuid[];
begin
    perform from app.lead l where l.organization_id = organization and l.contact_id in (merged, survivor) order by l.id for update;

    select coalesce(array_agg(distinct l.campaign_id), '{}') into campaigns
    from app.lead l
    where l.organization_id = organization and l.contact_id in (merged, survivor) and l.deleted_at is null and l.campaign_id is not null;
    perform app.lock_campaign_counters(array_fill(organization, array[cardinality(campaigns)]), campaigns);

    select coalesce(array_agg(g.id order by g.id), '{}'), coalesce(array_agg(k.id order by g.id), '{}') into gone_leads, kept_leads
    from app.lead g
    join app.lead k on k.organization_id = g.organization_id and k.contact_id = survivor and k.campaign_id = g.campaign_id
        and k.deleted_at is null
    where g.organization_id = organization and g.contact_id = merged and g.deleted_at is null;

    -- By time, as app.erase_mentions: an update alone locks them in any order.
    perform from app.activity a
    where a.organization_id = organization and (a.contact_id = merged or a.lead_id = any (gone_leads))
    order by a.created_at, a.id
    for no key update;
    update app.activity a set
        contact_id = survivor,
        lead_id = coalesce(kept_leads[array_position(gone_leads, a.lead_id)], a.lead_id)
    where a.organization_id = organization and a.contact_id = merged;
    get diagnostics activities = row_count;
    -- Of a lead that was moved here from another contact.
    update app.activity a set lead_id = kept_leads[array_position(gone_leads, a.lead_id)]
    where a.organization_id = organization and a.lead_id = any (gone_leads);
    perform app.move_notifications(organization, gone_leads || merged, kept_leads || survivor);

    with gone as (
        delete from app.lead g where g.organization_id = organization and g.id = any (gone_leads)
        returning g.*
    )
    update app.lead l set
        status = order_of_status[greatest(array_position(order_of_status, l.status), array_position(order_of_status, g.status))],
        interest = case when g.interest_at > coalesce(l.interest_at, '-infinity') then g.interest else l.interest end,
        interest_label = case when g.interest_at > coalesce(l.interest_at, '-infinity') then g.interest_label else l.interest_label end,
        interest_at = greatest(l.interest_at, g.interest_at),
        priority = order_of_priority[greatest(array_position(order_of_priority, l.priority), array_position(order_of_priority, g.priority))],
        qualification_data = case when l.qualification_score is null then coalesce(g.qualification_data, l.qualification_data) else l.qualification_data end,
        qualification_score = coalesce(l.qualification_score, g.qualification_score),
        practice_area = coalesce(l.practice_area, g.practice_area),
        source = coalesce(l.source, g.source),
        source_data = g.source_data || l.source_data,
        company_data = g.company_data || l.company_data,
        custom_fields = g.custom_fields || l.custom_fields,
        tags = l.tags || array(select t.tag from unnest(g.tags) with ordinality as t (tag, n) where t.tag <> all (l.tags) order by t.n),
        assigned_to = coalesce(l.assigned_to, g.assigned_to),
        created_by = coalesce(l.created_by, g.created_by),
        -- A person's entry outweighs a webhook's, and a newer amount an older one.
        (deal_amount, deal_currency, deal_entered_by, deal_at) = (
            select d.amount, d.currency, d.entered_by, d.at
            from (values
                (l.deal_amount, l.deal_currency, l.deal_entered_by, l.deal_at, 1),
                (g.deal_amount, g.deal_currency, g.deal_entered_by, g.deal_at, 2))
                as d (amount, currency, entered_by, at, number)
            order by d.at desc nulls last, d.number
            limit 1),
        expected_close_date = coalesce(l.expected_close_date, g.expected_close_date),
        closed_at = case when array_position(order_of_status, g.status) > array_position(order_of_status, l.status) then g.closed_at else l.closed_at end,
        sent_count = l.sent_count + g.sent_count,
        opened_count = l.opened_count + g.opened_count,
        clicked_count = l.clicked_count + g.clicked_count,
        replied_count = l.replied_count + g.replied_count,
        bounced_count = l.bounced_count + g.bounced_count,
        unsubscribed_count = l.unsubscribed_count + g.unsubscribed_count,
        interested_count = l.interested_count + g.interested_count,
        last_activity_at = greatest(l.last_activity_at, g.last_activity_at),
        updated_at = merged_at
    from gone g
    where l.organization_id = organization and l.id = kept_leads[array_position(gone_leads, g.id)];
    joined := gone_leads;
    update app.lead l set
        score = app.lead_score(
            l.status, l.qualification_score, l.priority, coalesce(l.last_activity_at, l.created_at), merged_at,
            (select o.lead_score_weights from app.organization o where o.id = organization))
    where l.organization_id = organization and l.id = any (kept_leads);

    update app.lead l set contact_id = survivor, updated_at = merged_at
    where l.organization_id = organization and l.contact_id = merged;
    get diagnostics moved = row_count;
end
$$;

revoke all on function app.merge_leads(uuid, uuid, uuid, timestamptz) from public;
