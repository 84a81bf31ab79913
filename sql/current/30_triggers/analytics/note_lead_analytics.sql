-- Appends to app.analytics_change which leads a statement changed: those whose numbers by day or by field changed, and for all others one row
-- without leads, which raises the version. A lead that moves concerns both scopes.
create or replace function app.note_lead_analytics() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    none constant uuid := '00000000-0000-0000-0000-000000000000';
begin
    -- Each transition table exists only for some events.
    if tg_op = 'INSERT' then
        insert into app.analytics_change (organization_id, agency_id, client_id, lead_ids)
        select n.organization_id, coalesce(n.agency_id, none), coalesce(n.client_id, none), array_agg(n.id)
        from new_leads n
        group by 1, 2, 3;
    elsif tg_op = 'DELETE' then
        insert into app.analytics_change (organization_id, agency_id, client_id, lead_ids)
        select o.organization_id, coalesce(o.agency_id, none), coalesce(o.client_id, none), array_agg(o.id)
        from old_leads o
        group by 1, 2, 3;
    else
        insert into app.analytics_change (organization_id, agency_id, client_id, lead_ids)
        select n.organization_id, coalesce(v.agency_id, none), coalesce(v.client_id, none), coalesce(array_agg(n.id) filter (where
            n.status <> o.status or n.campaign_id is distinct from o.campaign_id or n.agency_id is distinct from o.agency_id
            or n.client_id is distinct from o.client_id or n.source is distinct from o.source or n.created_at <> o.created_at
            or (n.deleted_at is null) <> (o.deleted_at is null) or n.priority is distinct from o.priority
            or n.interest is distinct from o.interest or n.practice_area is distinct from o.practice_area
            or n.assigned_to is distinct from o.assigned_to or n.score <> o.score
            or n.qualification_score is distinct from o.qualification_score or n.deal_amount is distinct from o.deal_amount
            or n.deal_currency is distinct from o.deal_currency), '{}')
        from new_leads n
        join old_leads o on o.organization_id = n.organization_id and o.id = n.id
        cross join lateral (
            select n.agency_id, n.client_id
            union
            select o.agency_id, o.client_id
        ) v
        group by 1, 2, 3;
    end if;
    return null;
end
$$;

revoke all on function app.note_lead_analytics() from public;

create or replace trigger note_lead_analytics_insert after insert on app.lead
    referencing new table as new_leads for each statement execute function app.note_lead_analytics();
create or replace trigger note_lead_analytics_update after update on app.lead
    referencing old table as old_leads new table as new_leads for each statement execute function app.note_lead_analytics();
create or replace trigger note_lead_analytics_delete after delete on app.lead
    referencing old table as old_leads for each statement execute function app.note_lead_analytics();
