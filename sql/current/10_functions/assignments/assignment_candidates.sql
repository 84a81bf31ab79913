-- The members of a rule's pool at a time: the order of turns (the least start_level + taken / weight first), how many contacts each can
-- still take, and why a member can take none. Without such a rule, all users whose role can own contacts. Valid only while the pool is
-- locked.
create or replace function app.assignment_candidates(organization uuid, rule uuid, at timestamptz) returns setof app.assignment_candidate
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    today timestamptz;
    pool_level double precision;
    for_everybody boolean;
begin
    select r.level, r.everybody into pool_level, for_everybody
    from app.assignment_rule r
    where r.organization_id = organization and r.id = rule;
    if exists (
        select from app.assignment_member m
        where m.organization_id = organization and m.rule_id = rule and m.max_per_day is not null) then
        select app.start_of_day(at, o.timezone) into today from app.organization o where o.id = organization;
    end if;
    return query
    with member as (
        select m.user_id, m.position, m.weight, m.max_open_contacts, m.max_per_day, m.time_zone, m.from_minute, m.to_minute, m.weekdays,
            u.status, u.role
        from app.assignment_member m
        join app.user u on u.organization_id = m.organization_id and u.id = m.user_id
        where m.organization_id = organization and m.rule_id = rule
        union all
        select u.id, 0::smallint, 1::smallint, null, null, null, null, null, null, u.status, u.role
        from app.user u
        where coalesce(for_everybody, true) and u.organization_id = organization and u.status = 'active' and app.works_contacts(u.role)
    ), able as (
        select m.*, case
            when m.status <> 'active' then 'inactive'
            when not app.works_contacts(m.role) then 'role'
            when not app.works_at(m.time_zone, m.from_minute, m.to_minute, m.weekdays, at) then 'off_hours' end as obstacle
        from member m
    ), roomy as (
        -- Counted only up to the caps.
        select a.*,
            case when a.obstacle is null and a.max_open_contacts is not null then a.max_open_contacts - (
                select count(*) from (
                    select from app.user_contact_assignment c
                    where c.organization_id = organization and c.user_id = a.user_id and c.status = 'active'
                    limit a.max_open_contacts) counted) end as open_room,
            case when a.obstacle is null and a.max_per_day is not null then a.max_per_day - (
                select count(*) from (
                    select from app.user_contact_assignment c
                    where c.organization_id = organization and c.user_id = a.user_id
                        and c.status in ('active', 'inactive', 'transferred') and c.assigned_at >= today
                    limit a.max_per_day) counted) end as day_room
        from able a
    )
    select r.user_id, r.position, r.weight,
        case when s.is_kept then t.start_level else greatest(t.start_level + t.taken / t.weight::double precision, coalesce(pool_level, 0)) end,
        case when s.is_kept then t.taken else 0 end,
        least(r.open_room, r.day_room)::integer,
        coalesce(r.obstacle, case when r.open_room = 0 then 'max_open_contacts' when r.day_room = 0 then 'max_per_day' end)
    from roomy r
    left join app.assignment_turn t on t.organization_id = organization and t.rule_id = rule and t.user_id = r.user_id
    -- A member who could take contacts all the time is not below the pool's level.
    cross join lateral (
        select coalesce(t.weight = r.weight and t.start_level + t.taken / t.weight::double precision >= pool_level, false) as is_kept) s;
end
$$;

revoke all on function app.assignment_candidates(uuid, uuid, timestamptz) from public;
grant execute on function app.assignment_candidates(uuid, uuid, timestamptz) to salesbrain_tenant, salesbrain_platform;
