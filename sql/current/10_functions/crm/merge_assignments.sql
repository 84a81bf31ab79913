-- The step of app.merge_contacts that moves assignments; returns how many. A user has one assignment to a contact, so two of one user
-- become one. The surviving contact keeps its primary owner: another one is transferred. An assignment that stays active has at most the
-- percentage that the others leave.
create or replace function app.merge_assignments(organization uuid, merged uuid, survivor uuid, merged_at timestamptz) returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    moved integer := 0;
    has_primary boolean;
    left_percentage integer;
    own app.user_contact_assignment;
    other app.user_contact_assignment;
    is_active boolean;
    is_primary boolean;
    percentage smallint;
begin
    perform from app.user_contact_assignment a
    where a.organization_id = organization and a.contact_id in (merged, survivor)
    order by a.id
    for no key update;
    select coalesce(bool_or(a.is_primary_owner), false), 100 - coalesce(sum(a.ownership_percentage), 0) into has_primary, left_percentage
    from app.user_contact_assignment a
    where a.organization_id = organization and a.contact_id = survivor and a.status = 'active';

    for other in
        select a.* from app.user_contact_assignment a
        where a.organization_id = organization and a.contact_id = merged
        order by (a.status = 'active') desc, a.is_primary_owner desc, a.assigned_at, a.id
    loop
        moved := moved + 1;
        is_primary := other.status = 'active' and other.is_primary_owner and not has_primary;
        is_active := other.status = 'active' and (not other.is_primary_owner or is_primary);
        percentage := least(other.ownership_percentage, left_percentage);
        select a.* into own
        from app.user_contact_assignment a
        where a.organization_id = organization and a.contact_id = survivor and a.user_id = other.user_id;
        if own.id is null then
            update app.user_contact_assignment a set
                contact_id = survivor,
                status = case when other.status = 'active' and not is_active then 'transferred' else a.status end,
                ownership_percentage = case when is_active then percentage else a.ownership_percentage end,
                updated_at = merged_at
            where a.organization_id = organization and a.id = other.id;
        else
            delete from app.user_contact_assignment a where a.organization_id = organization and a.id = other.id;
            update app.user_contact_assignment a set
                status = case when is_active then 'active' else own.status end,
                is_primary_owner = case when is_active and own.status <> 'active' then is_primary else own.is_primary_owner or is_primary end,
                ownership_percentage = case
                    when is_active and own.status = 'active' then own.ownership_percentage + percentage
                    when is_active then percentage
                    else own.ownership_percentage end,
                assignment_type = case when is_active and own.status <> 'active' then other.assignment_type else own.assignment_type end,
                reason = case when is_active and own.status <> 'active' then other.reason else own.reason end,
                assigned_by = case when is_active and own.status <> 'active' then other.assigned_by else own.assigned_by end,
                assigned_at = case when is_active and own.status <> 'active' then other.assigned_at else own.assigned_at end,
                last_contacted_at = greatest(own.last_contacted_at, other.last_contacted_at),
                next_followup_at = least(own.next_followup_at, other.next_followup_at),
                interactions_count = own.interactions_count + other.interactions_count,
                updated_at = merged_at
            where a.organization_id = organization and a.id = own.id;
        end if;
        if is_active then
            has_primary := has_primary or is_primary;
            left_percentage := left_percentage - percentage;
        end if;
    end loop;

    -- A contact that has an owner does not wait for one.
    if has_primary then
        perform from app.assignment_queue q
        where q.organization_id = organization and q.contact_id in (merged, survivor)
        order by q.contact_id
        for update;
        delete from app.assignment_queue q where q.organization_id = organization and q.contact_id in (merged, survivor);
    else
        insert into app.assignment_queue (organization_id, contact_id, source, queued_at)
        select q.organization_id, survivor, q.source, q.queued_at
        from app.assignment_queue q
        where q.organization_id = organization and q.contact_id = merged
        on conflict (organization_id, contact_id) do nothing;
    end if;
    return moved;
end
$$;

revoke all on function app.merge_assignments(uuid, uuid, uuid, timestamptz) from public;
