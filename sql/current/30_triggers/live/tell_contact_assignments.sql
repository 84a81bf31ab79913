-- Tells browsers who has which contacts (channel assignment_change): roles that read the organization, and the user.
-- Counting interactions tells nothing.
create or replace function app.tell_contact_assignments() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    told_at timestamptz := clock_timestamp();
begin
    if not app.can_tell(told_at) then
        return null;
    end if;
    -- Each transition table exists only for some events.
    if tg_op = 'UPDATE' then
        -- Whoever no longer has it learns that as well.
        insert into app.live_event (organization_id, user_id, channel, kind, entity, entity_id, campaign_id, data, at)
        select c.organization_id, u.id, 'assignment_change', u.kind, 'contact_assignment', c.id, null::uuid,
            jsonb_build_object('status', c.status, 'user_id', c.user_id, 'contact_id', c.contact_id, 'is_primary_owner', c.is_primary_owner), told_at
        from changed c
        join old_assignments o on o.organization_id = c.organization_id and o.id = c.id
        cross join lateral (
            select o.user_id as id, 'moved' as kind where o.user_id <> c.user_id
            union all
            select c.user_id, 'updated') u
        where (o.user_id, o.contact_id, o.status, o.is_primary_owner, o.ownership_percentage) is distinct from
            (c.user_id, c.contact_id, c.status, c.is_primary_owner, c.ownership_percentage);
    else
        insert into app.live_event (organization_id, user_id, channel, kind, entity, entity_id, campaign_id, data, at)
        select c.organization_id, c.user_id, 'assignment_change', case tg_op when 'INSERT' then 'created' else 'deleted' end,
            'contact_assignment', c.id, null::uuid,
            jsonb_build_object('status', c.status, 'user_id', c.user_id, 'contact_id', c.contact_id, 'is_primary_owner', c.is_primary_owner), told_at
        from changed c;
    end if;
    return null;
end
$$;

revoke all on function app.tell_contact_assignments() from public;

create or replace trigger tell_contact_assignments_insert after insert on app.user_contact_assignment
    referencing new table as changed for each statement execute function app.tell_contact_assignments();
create or replace trigger tell_contact_assignments_update after update on app.user_contact_assignment
    referencing old table as old_assignments new table as changed for each statement execute function app.tell_contact_assignments();
create or replace trigger tell_contact_assignments_delete after delete on app.user_contact_assignment
    referencing old table as changed for each statement execute function app.tell_contact_assignments();
