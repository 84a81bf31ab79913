-- Gives conversations that nobody has to the agents who are present, in turns, if the organization's settings say so
-- (settings.conversations.assign = "round_robin"). `conversations` limits which; null = all that a person wrote in, the oldest activity
-- first, at most a thousand. Returns who got what.
--
-- The agents are ordered by their last turn. A lock for the organization, held until the commit, gives each turn once. Locks the agents
-- before the conversations, so that an agent who is disabled meanwhile gets none; skips conversations that are locked, because somebody is
-- claiming them. With `conversations` the caller may hold other conversations, so it calls app.lock_conversation_agents before it locks
-- them, and an agent whom another session is changing now gets none: waiting for that session, which may wait for the conversations, could
-- deadlock.
create or replace function app.assign_conversations(organization uuid, conversations uuid[], assigned_at timestamptz)
returns table (conversation_id uuid, user_id uuid)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    at constant timestamptz := assigned_at;
    agents uuid[];
    waiting uuid[];
    turns bigint;
begin
    if not exists (
        select from app.organization o
        where o.id = organization and o.status = 'active' and o.settings #>> '{conversations,assign}' = 'round_robin') then
        return;
    end if;
    if conversations is null then
        perform app.lock_conversation_agents(organization, at);
    end if;
    perform pg_advisory_xact_lock(hashtextextended('app.conversation_turns ' || organization, 0));

    select array_agg(l.user_id order by l.last_turn, l.user_id) into agents
    from (
        select p.user_id, p.last_turn
        from app.agent_presence p
        join app.user u on u.organization_id = p.organization_id and u.id = p.user_id
        where p.organization_id = organization and p.present_until > at and u.status = 'active' and u.role = 'agent'
        order by u.id
        for share of u skip locked
    ) l;
    if agents is null then
        return;
    end if;

    select array_agg(l.id order by l.activity_at, l.id) into waiting
    from (
        select c.id, c.activity_at
        from app.conversation c
        where c.organization_id = organization and c.status = 'open'
            and case when conversations is null then c.last_inbound_at is not null else c.id = any (conversations) end
        order by c.activity_at, c.id
        limit 1000
        for no key update skip locked
    ) l;
    if waiting is null then
        return;
    end if;

    -- By id, as app.keep_agents_present.
    perform from app.agent_presence p
    where p.organization_id = organization and p.user_id = any (agents)
    order by p.user_id
    for no key update;
    select max(p.last_turn) into turns from app.agent_presence p where p.organization_id = organization;
    with choice as (
        select agents[(w.n - 1) % cardinality(agents) + 1] as user_id, max(w.n) as n
        from unnest(waiting) with ordinality as w (id, n)
        group by 1
    )
    update app.agent_presence p set last_turn = turns + h.n
    from choice h
    where p.organization_id = organization and p.user_id = h.user_id;

    update app.conversation c set status = 'assigned', assigned_to = agents[(w.n - 1) % cardinality(agents) + 1], updated_at = at
    from unnest(waiting) with ordinality as w (id, n)
    where c.organization_id = organization and c.id = w.id;

    insert into app.conversation_assignment (organization_id, conversation_id, user_id, assigned_by, assigned_at, reason)
    select organization, w.id, agents[(w.n - 1) % cardinality(agents) + 1], null, at, 'round_robin'
    from unnest(waiting) with ordinality as w (id, n);

    perform app.notify_conversations_assigned(
        organization, waiting, array(select agents[(n - 1) % cardinality(agents) + 1] from generate_series(1, cardinality(waiting)) n),
        null, at);
    return query
    select w.id, agents[(w.n - 1)::integer % cardinality(agents) + 1] from unnest(waiting) with ordinality as w (id, n);
end
$$;

revoke all on function app.assign_conversations(uuid, uuid[], timestamptz) from public;
grant execute on function app.assign_conversations(uuid, uuid[], timestamptz) to salesbrain_platform;
