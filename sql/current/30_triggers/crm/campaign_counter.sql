-- Keeps a campaign's counters equal to the counts of its live leads. Each statement adds its difference to its own backend's shard, so that
-- parallel writers do not wait for each other. A statement that changes nothing that is counted writes nothing.
create or replace function app.count_lead_changes() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    -- A row for each campaign of the leads after and before the statement, of sums and not of leads: thousands of leads are counted at a
    -- time.
    after app.campaign_counter[];
    before app.campaign_counter[];
begin
    -- Each transition table exists only for some events.
    if tg_op <> 'DELETE' then
        select array_agg(row(c.*)::app.campaign_counter) into after
        from (
            select n.organization_id, n.campaign_id, 0::smallint as shard,
                count(*), sum(n.sent_count), sum(n.opened_count), sum(n.clicked_count), sum(n.replied_count), sum(n.bounced_count),
                sum(n.unsubscribed_count), sum(n.interested_count),
                count(*) filter (where n.sent_count > 0), count(*) filter (where n.opened_count > 0),
                count(*) filter (where n.clicked_count > 0), count(*) filter (where n.replied_count > 0),
                count(*) filter (where n.bounced_count > 0), count(*) filter (where n.unsubscribed_count > 0),
                count(*) filter (where n.interested_count > 0), count(*) filter (where n.status = 'qualified'),
                count(*) filter (where n.status = 'converted')
            from new_leads n
            where n.campaign_id is not null and n.deleted_at is null
            group by n.organization_id, n.campaign_id
        ) c;
    end if;
    if tg_op <> 'INSERT' then
        select array_agg(row(c.*)::app.campaign_counter) into before
        from (
            select o.organization_id, o.campaign_id, 0::smallint as shard,
                count(*), sum(o.sent_count), sum(o.opened_count), sum(o.clicked_count), sum(o.replied_count), sum(o.bounced_count),
                sum(o.unsubscribed_count), sum(o.interested_count),
                count(*) filter (where o.sent_count > 0), count(*) filter (where o.opened_count > 0),
                count(*) filter (where o.clicked_count > 0), count(*) filter (where o.replied_count > 0),
                count(*) filter (where o.bounced_count > 0), count(*) filter (where o.unsubscribed_count > 0),
                count(*) filter (where o.interested_count > 0), count(*) filter (where o.status = 'qualified'),
                count(*) filter (where o.status = 'converted')
            from old_leads o
            where o.campaign_id is not null and o.deleted_at is null
            group by o.organization_id, o.campaign_id
        ) c;
    end if;
    insert into app.campaign_counter as c (
        organization_id, campaign_id, shard,
        leads, contacted, opened, clicked, replied, bounced, unsubscribed, interested, contacted_leads, opened_leads, clicked_leads,
        replied_leads, bounced_leads, unsubscribed_leads, interested_leads, qualified_leads, converted_leads)
    select d.organization_id, d.campaign_id, (pg_backend_pid() % 16)::smallint,
        sum(sign * leads), sum(sign * contacted), sum(sign * opened), sum(sign * clicked), sum(sign * replied), sum(sign * bounced),
        sum(sign * unsubscribed), sum(sign * interested), sum(sign * contacted_leads), sum(sign * opened_leads),
        sum(sign * clicked_leads), sum(sign * replied_leads), sum(sign * bounced_leads), sum(sign * unsubscribed_leads),
        sum(sign * interested_leads), sum(sign * qualified_leads), sum(sign * converted_leads)
    from (
        select 1 as sign, a.* from unnest(after) a
        union all
        select -1, b.* from unnest(before) b
    ) d
    group by d.organization_id, d.campaign_id
    having (sum(sign * leads), sum(sign * contacted), sum(sign * opened), sum(sign * clicked), sum(sign * replied), sum(sign * bounced),
        sum(sign * unsubscribed), sum(sign * interested), sum(sign * contacted_leads), sum(sign * opened_leads),
        sum(sign * clicked_leads), sum(sign * replied_leads), sum(sign * bounced_leads), sum(sign * unsubscribed_leads),
        sum(sign * interested_leads), sum(sign * qualified_leads), sum(sign * converted_leads))
        is distinct from (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    order by d.organization_id, d.campaign_id
    on conflict (organization_id, campaign_id, shard) do update set
        leads = c.leads + excluded.leads,
        contacted = c.contacted + excluded.contacted,
        opened = c.opened + excluded.opened,
        clicked = c.clicked + excluded.clicked,
        replied = c.replied + excluded.replied,
        bounced = c.bounced + excluded.bounced,
        unsubscribed = c.unsubscribed + excluded.unsubscribed,
        interested = c.interested + excluded.interested,
        contacted_leads = c.contacted_leads + excluded.contacted_leads,
        opened_leads = c.opened_leads + excluded.opened_leads,
        clicked_leads = c.clicked_leads + excluded.clicked_leads,
        replied_leads = c.replied_leads + excluded.replied_leads,
        bounced_leads = c.bounced_leads + excluded.bounced_leads,
        unsubscribed_leads = c.unsubscribed_leads + excluded.unsubscribed_leads,
        interested_leads = c.interested_leads + excluded.interested_leads,
        qualified_leads = c.qualified_leads + excluded.qualified_leads,
        converted_leads = c.converted_leads + excluded.converted_leads;
    return null;
end
$$;

revoke all on function app.count_lead_changes() from public;

create or replace trigger count_lead_changes_insert after insert on app.lead
    referencing new table as new_leads for each statement execute function app.count_lead_changes();
create or replace trigger count_lead_changes_update after update on app.lead
    referencing old table as old_leads new table as new_leads for each statement execute function app.count_lead_changes();
create or replace trigger count_lead_changes_delete after delete on app.lead
    referencing old table as old_leads for each statement execute function app.count_lead_changes();
