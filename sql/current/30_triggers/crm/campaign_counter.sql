-- Keeps a campaign's counters equal to the counts of its live leads. Each statement adds its difference to its own backend's shard, so that
-- parallel writers do not wait for each other.
create or replace function app.count_lead_changes() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    new_rows app.lead[] := '{}';
    old_rows app.lead[] := '{}';
begin
    -- Each transition table exists only for some events.
    if tg_op <> 'DELETE' then
        select coalesce(array_agg(n), '{}') into new_rows from new_leads n;
    end if;
    if tg_op <> 'INSERT' then
        select coalesce(array_agg(o), '{}') into old_rows from old_leads o;
    end if;
    insert into app.campaign_counter as c (
        organization_id, campaign_id, shard,
        leads, contacted, opened, clicked, replied, bounced, unsubscribed, interested,
        contacted_leads, opened_leads, clicked_leads, replied_leads, bounced_leads, unsubscribed_leads, interested_leads,
        qualified_leads, converted_leads)
    select d.organization_id, d.campaign_id, (pg_backend_pid() % 16)::smallint,
        sum(sign), sum(sign * sent_count), sum(sign * opened_count), sum(sign * clicked_count), sum(sign * replied_count),
        sum(sign * bounced_count), sum(sign * unsubscribed_count), sum(sign * interested_count),
        coalesce(sum(sign) filter (where sent_count > 0), 0), coalesce(sum(sign) filter (where opened_count > 0), 0),
        coalesce(sum(sign) filter (where clicked_count > 0), 0), coalesce(sum(sign) filter (where replied_count > 0), 0),
        coalesce(sum(sign) filter (where bounced_count > 0), 0), coalesce(sum(sign) filter (where unsubscribed_count > 0), 0),
        coalesce(sum(sign) filter (where interested_count > 0), 0),
        coalesce(sum(sign) filter (where status = 'qualified'), 0), coalesce(sum(sign) filter (where status = 'converted'), 0)
    from (
        select 1 as sign, n.* from unnest(new_rows) n
        union all
        select -1, o.* from unnest(old_rows) o
    ) d
    where d.campaign_id is not null and d.deleted_at is null
    group by d.organization_id, d.campaign_id
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
