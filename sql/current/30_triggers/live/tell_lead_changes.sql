-- Tells browsers of changed leads (channel lead_change), a statement at a time. More than a hundred leads of one campaign, agency and
-- client in one statement are one event with their number: whoever shows a list reads it again in any case.
create or replace function app.tell_lead_changes() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    told_at timestamptz := clock_timestamp();
    change text;
begin
    if not app.can_tell(told_at) then
        return null;
    end if;
    if tg_op = 'UPDATE' then
        -- The former agency or client learns that a lead is no longer theirs. Each transition table exists only for some events.
        insert into app.live_event (organization_id, agency_id, client_id, channel, kind, entity, entity_id, campaign_id, at)
        select o.organization_id, o.agency_id, o.client_id, 'lead_change', 'moved', 'lead', o.id, o.campaign_id, told_at
        from old_leads o
        join changed c on c.organization_id = o.organization_id and c.id = o.id
        where o.agency_id is distinct from c.agency_id or o.client_id is distinct from c.client_id;
    end if;
    change := case tg_op when 'INSERT' then 'created' when 'UPDATE' then 'updated' else 'deleted' end;
    if (select count(*) from changed) <= 100 then
        insert into app.live_event (organization_id, agency_id, client_id, channel, kind, entity, entity_id, campaign_id, data, at)
        select c.organization_id, c.agency_id, c.client_id, 'lead_change', case when c.deleted_at is null then change else 'deleted' end,
            'lead', c.id, c.campaign_id, jsonb_build_object('status', c.status, 'score', c.score, 'assigned_to', c.assigned_to), told_at
        from changed c;
    else
        insert into app.live_event (organization_id, agency_id, client_id, channel, kind, entity, entity_id, campaign_id, data, at)
        select c.organization_id, c.agency_id, c.client_id, 'lead_change', case when c.deleted_at is null then change else 'deleted' end,
            'lead', c.id, c.campaign_id, jsonb_build_object('status', c.status, 'score', c.score, 'assigned_to', c.assigned_to), told_at
        from (
            select l.*, count(*) over (partition by l.organization_id, l.campaign_id, l.agency_id, l.client_id) as leads from changed l
        ) c
        where c.leads <= 100
        union all
        select c.organization_id, c.agency_id, c.client_id, 'lead_change', change, 'lead', null, c.campaign_id,
            jsonb_build_object('leads', count(*)), told_at
        from changed c
        group by c.organization_id, c.campaign_id, c.agency_id, c.client_id
        having count(*) > 100;
    end if;
    return null;
end
$$;

revoke all on function app.tell_lead_changes() from public;

create or replace trigger tell_lead_changes_insert after insert on app.lead
    referencing new table as changed for each statement execute function app.tell_lead_changes();
create or replace trigger tell_lead_changes_update after update on app.lead
    referencing old table as old_leads new table as changed for each statement execute function app.tell_lead_changes();
create or replace trigger tell_lead_changes_delete after delete on app.lead
    referencing old table as changed for each statement execute function app.tell_lead_changes();
