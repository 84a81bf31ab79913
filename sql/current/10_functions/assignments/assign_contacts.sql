-- Assigns contacts without a primary owner to users, by the organization's rules. `strategy` replaces the strategies of the rules; null
-- keeps them. Returns a row for each requested contact. Its outcome is assigned, already_assigned, not_found or nobody_eligible. The reason
-- is stored with the assignment. A contact that no member can take waits in app.assignment_queue. Working hours and daily limits apply at
-- `assigned_at`.
--
-- The function takes its locks, then decides, and holds the locks until the commit. So parallel calls can neither exceed a cap (the limit
-- of a member) nor assign a contact twice. The order of locks is: the organization's rules (shared), pools (the members of a rule) by rule
-- id, the organization's caps, contacts by id, assignments by id, then for each rule its chosen users by id, and last the notifications.
create or replace function app.assign_contacts(
    organization uuid, contacts uuid[], strategy text, assigner uuid, assigned_at timestamptz)
returns table (contact_id uuid, outcome text, user_id uuid, assignment_type text, reason jsonb)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
-- Plans are generic, because planning the statements for each call would take longer than running them. A generic plan does not know how
-- long a list of contacts is, and joins two lists by comparing every pair. So no statement may join two lists of contacts.
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    at constant timestamptz := assigned_at;
    method constant text := strategy;
    matched app.assignment_match[];
    waiting app.assignment_match[];
    candidates app.assignment_candidate[];
    choices app.assignment_choice[];
    rule app.assignment_rule;
    rules uuid[];
    found uuid[];
    held app.user_contact_assignment[];
    -- Contacts to skip: owned already, deleted meanwhile, or assigned by an earlier rule of this call.
    gone uuid[];
    winners uuid[];
    wins integer[];
    told_users uuid[] := '{}';
    told_counts integer[] := '{}';
    is_conditional boolean;
    kind text;
    pool jsonb;
begin
    if not app.may_assign(organization) then
        raise insufficient_privilege using message = 'this session may not assign contacts of this organization';
    end if;

    perform pg_advisory_xact_lock_shared(app.assignment_lock('rules', organization));
    if not exists (select from app.assignment_rule r where r.organization_id = organization) then
        insert into app.assignment_rule (organization_id, position, name, strategy, everybody)
        values (organization, 0, 'Everybody takes turns', 'round_robin', true)
        on conflict (organization_id) where position = 0 do nothing;
    end if;

    select array_agg(m), array_agg(distinct m.rule_id) into matched, rules
    from app.match_assignment_rules(organization, contacts, method) m;
    perform pg_advisory_xact_lock(app.assignment_lock('pool', p.id)) from (select r.id from unnest(rules) as r (id) order by r.id) p;
    -- If a user has caps in two rules, both caps count the same contacts. So calls for the two rules must not run at the same time.
    if exists (
        select from app.assignment_member m
        join app.assignment_member o on o.organization_id = m.organization_id and o.user_id = m.user_id and o.rule_id <> m.rule_id
        where m.organization_id = organization and m.rule_id = any (rules)
            and num_nonnulls(m.max_open_contacts, m.max_per_day) > 0 and num_nonnulls(o.max_open_contacts, o.max_per_day) > 0) then
        perform pg_advisory_xact_lock(app.assignment_lock('caps', organization));
    end if;

    select array_agg(l.id) into found
    from (
        select k.id from app.contact k
        where k.organization_id = organization and k.id = any (array(select m.contact_id from unnest(matched) m))
        order by k.id
        for no key update
    ) l;
    -- Also ended ones, which are reused below. Locking them only there, in another order, could deadlock with app.count_interactions.
    with locked as (
        select a.* from app.user_contact_assignment a
        where a.organization_id = organization and a.contact_id = any (found)
        order by a.id
        for no key update
    )
    select array_agg(l) into held from locked l where l.status = 'active';
    gone := array(select h.contact_id from unnest(held) h where h.is_primary_owner)
        || array(select m.contact_id from unnest(matched) m except select unnest(found));

    return query
    select w.id, 'not_found', null::uuid, null, null::jsonb
    from (select distinct c.id from unnest(contacts) as c (id)) w
    where w.id not in (select unnest(found));

    return query
    select h.contact_id, 'already_assigned', h.user_id, null, null::jsonb from unnest(held) h where h.is_primary_owner;

    for rule in
        select r.* from app.assignment_rule r where r.organization_id = organization and r.id = any (rules) order by r.position
    loop
        is_conditional := app.has_conditions(rule);
        kind := case when method = 'territory' and not is_conditional then 'round_robin' else coalesce(method, rule.strategy) end;
        -- In the order of assignment: highest lead score first for lead_score, otherwise as requested. waiting[1] is the first contact.
        select array_agg(m order by case kind when 'lead_score' then -m.lead_score else 0 end, m.number) into waiting
        from unnest(matched) m
        where m.rule_id = rule.id and m.contact_id not in (select unnest(gone));
        continue when waiting is null;

        loop
            select array_agg(c) into candidates from app.assignment_candidates(organization, rule.id, at) c;

            -- Each contact goes to the member with the lowest weighted count (level). One statement decides for all contacts: `turn` lists
            -- the levels at which each member would take a contact, and the lowest levels win. `horizon` only keeps these lists short. It
            -- is the level at which all contacts are assigned, even if only the members without a cap take them.
            with able as (
                select c.*, c.start_level + c.taken / c.weight::double precision as level
                from unnest(candidates) c
                where c.obstacle is null
            ), horizon as (
                select (cardinality(waiting) + sum(a.weight * a.level)) / sum(a.weight) as level from able a where a.remaining is null
            ), turn as (
                select a.user_id, a.weight, t.level, row_number() over (order by t.level, a.weight desc, a.position, a.user_id) as number
                from able a
                cross join horizon h
                cross join lateral (
                    select a.start_level + (a.taken + n) / a.weight::double precision as level
                    from generate_series(0, least(
                        cardinality(waiting), a.remaining,
                        case when h.level is not null then greatest(ceil((h.level - a.level) * a.weight) + 1, 0) end)::integer - 1) n
                ) t
            ), taken as (
                select t.*, row_number() over (order by case kind when 'lead_score' then -t.weight else 0 end, t.number) as place
                from turn t
                where t.number <= cardinality(waiting)
            )
            select coalesce(array_agg(row(waiting[t.place].contact_id, t.user_id, t.weight, t.level, waiting[t.place].lead_score)::app.assignment_choice
                order by t.place), '{}')
            into choices
            from taken t;
            select coalesce(array_agg(n.user_id), '{}'), coalesce(array_agg(n.count), '{}') into winners, wins
            from (select c.user_id, count(*)::integer as count from unnest(choices) c group by c.user_id) n;

            -- Locks the chosen users, so that none is disabled before the commit. If one has been disabled, the loop chooses again.
            exit when (
                select count(*)
                from (
                    select from app.user u
                    where u.organization_id = organization and u.id = any (winners)
                        and u.status = 'active' and app.works_contacts(u.role)
                    order by u.id
                    for share
                ) l) = cardinality(winners);
        end loop;

        select jsonb_build_object(
            'rule_id', rule.id, 'rule', rule.name, 'members', count(*), 'eligible', count(*) filter (where c.obstacle is null),
            'inactive', count(*) filter (where c.obstacle in ('inactive', 'role')), 'off_hours', count(*) filter (where c.obstacle = 'off_hours'),
            'at_cap', count(*) filter (where c.obstacle in ('max_open_contacts', 'max_per_day') or c.remaining = w.count))
        into pool
        from unnest(candidates) c
        left join unnest(winners, wins) as w (user_id, count) on w.user_id = c.user_id;

        return query
        with choice as (
            select c.contact_id, c.user_id, pool - array['inactive', 'off_hours', 'at_cap'] || jsonb_strip_nulls(jsonb_build_object(
                'strategy', kind, 'weight', c.weight, 'weighted_count', round(c.level::numeric, 3),
                'lead_score', case kind when 'lead_score' then c.lead_score end,
                'matched', case when is_conditional then app.matched_conditions(rule, c.contact_id) end)) as reason
            from unnest(choices) c
        ), written as (
            insert into app.user_contact_assignment (
                organization_id, user_id, contact_id, assignment_type, is_primary_owner, ownership_percentage, status, reason,
                assigned_by, assigned_at, created_at, updated_at)
            select organization, c.user_id, c.contact_id, kind, true, 100 - coalesce(o.percentage, 0), 'active', c.reason, assigner, at, at,
                at
            from choice c
            -- Other users keep their percentages of the contact, and the new owner gets the rest.
            left join (
                select c.contact_id, sum(h.ownership_percentage) as percentage
                from choice c
                join unnest(held) h on h.contact_id = c.contact_id and h.user_id <> c.user_id
                where not h.is_primary_owner
                group by c.contact_id
            ) o on o.contact_id = c.contact_id
            on conflict (organization_id, user_id, contact_id) do update set
                assignment_type = excluded.assignment_type, is_primary_owner = true, ownership_percentage = excluded.ownership_percentage,
                status = 'active', reason = excluded.reason, assigned_by = excluded.assigned_by, assigned_at = excluded.assigned_at,
                updated_at = excluded.updated_at
        )
        select c.contact_id, 'assigned', c.user_id, kind, c.reason from choice c;

        return query
        select w.contact_id, 'nobody_eligible', null::uuid, null, pool - 'eligible' from unnest(waiting[cardinality(choices) + 1:]) w;

        insert into app.assignment_queue as q (organization_id, contact_id, source, queued_at, rule_id)
        select organization, w.contact_id, 'request', at, rule.id from unnest(waiting[cardinality(choices) + 1:]) w
        on conflict (organization_id, contact_id) do update set rule_id = excluded.rule_id where q.rule_id is distinct from excluded.rule_id;

        insert into app.assignment_turn (organization_id, rule_id, user_id, start_level, taken, weight)
        select organization, rule.id, c.user_id, c.start_level, c.taken + w.count, c.weight
        from unnest(candidates) c
        join unnest(winners, wins) as w (user_id, count) on w.user_id = c.user_id
        on conflict (organization_id, rule_id, user_id) do update set
            start_level = excluded.start_level, taken = excluded.taken, weight = excluded.weight;

        update app.assignment_rule r set level = l.level
        from (
            select coalesce(
                min(c.start_level + (c.taken + coalesce(w.count, 0)) / c.weight::double precision)
                    filter (where c.remaining is null or c.remaining > coalesce(w.count, 0)),
                -- If every member has reached a cap: the level of the last turn.
                (select max(k.level) from unnest(choices) k)) as level
            from unnest(candidates) c
            left join unnest(winners, wins) as w (user_id, count) on w.user_id = c.user_id
            where c.obstacle is null
        ) l
        where r.organization_id = organization and r.id = rule.id and l.level > r.level;

        told_users := told_users || winners;
        told_counts := told_counts || wins;
        gone := gone || array(select c.contact_id from unnest(choices) c);
    end loop;

    delete from app.assignment_queue q where q.organization_id = organization and q.contact_id = any (gone);
    perform app.notify_assigned(organization, 'contact', told_users, told_counts, assigner, at);
end
$$;

revoke all on function app.assign_contacts(uuid, uuid[], text, uuid, timestamptz) from public;
grant execute on function app.assign_contacts(uuid, uuid[], text, uuid, timestamptz) to salesbrain_tenant, salesbrain_platform;
