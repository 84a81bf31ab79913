-- The ownership percentages of a contact must not exceed 100. The sum is checked while the contact is locked, so that two transactions see
-- each other's changes. Works only at read committed: an older snapshot would hide the other transaction's changes.
create or replace function app.check_contact_ownership() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    organizations uuid[];
    contacts uuid[];
    crowded record;
begin
    -- Each transition table exists only for some events.
    if tg_op = 'INSERT' then
        select array_agg(distinct n.organization_id), array_agg(n.contact_id) into organizations, contacts
        from new_assignments n
        where n.status = 'active' and n.ownership_percentage > 0;
    else
        select array_agg(distinct n.organization_id), array_agg(n.contact_id) into organizations, contacts
        from new_assignments n
        left join old_assignments o on o.id = n.id and o.contact_id = n.contact_id and o.status = 'active'
        where n.status = 'active' and n.ownership_percentage > coalesce(o.ownership_percentage, 0);
    end if;
    if contacts is null then
        return null;
    end if;
    if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
        raise feature_not_supported using message = 'assignments of contacts are written at read committed only';
    end if;
    perform from app.contact k
    where k.organization_id = any (organizations) and k.id = any (contacts)
    order by k.id
    for no key update;
    select a.contact_id, sum(a.ownership_percentage) as percentage into crowded
    from app.user_contact_assignment a
    where a.organization_id = any (organizations) and a.contact_id = any (contacts) and a.status = 'active'
    group by a.organization_id, a.contact_id
    having sum(a.ownership_percentage) > 100
    limit 1;
    if found then
        raise check_violation using
            message = format('contact %s would be owned to %s per cent', crowded.contact_id, crowded.percentage),
            schema = 'app', table = 'user_contact_assignment', constraint = 'user_contact_assignment_ownership_check';
    end if;
    return null;
end
$$;

revoke all on function app.check_contact_ownership() from public;

create or replace trigger check_contact_ownership_insert after insert on app.user_contact_assignment
    referencing new table as new_assignments for each statement execute function app.check_contact_ownership();
create or replace trigger check_contact_ownership_update after update on app.user_contact_assignment
    referencing old table as old_assignments new table as new_assignments for each statement execute function app.check_contact_ownership();
