-- Finds what each event applies to: targets[i] belongs to events[i].
-- A message belongs to the person's conversation that is not closed, which is made if there is none. A message that is stored already
-- belongs to its own. A changed number belongs to the open conversation with the former number; there must be one.
-- A status is about the outbound message with the vendor's id, else about the one whose id we gave to the vendor.
create or replace function app.find_whatsapp_targets(events app.whatsapp_event[], applied_at timestamptz) returns app.whatsapp_target[]
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    organizations uuid[];
    peers text[];
    names text[];
    positions integer[];
    begun jsonb := '{}';
begin
    perform app.lock_whatsapp_people(events);
    select array_agg(e.organization_id order by e.ordinality), array_agg(e.peer_id order by e.ordinality),
        array_agg(e.peer_name order by e.ordinality), array_agg(e.ordinality::integer order by e.ordinality)
    into organizations, peers, names, positions
    from unnest(events) with ordinality as e
    where e.kind = 'message' and not exists (
        select from app.message_key k where k.organization_id = e.organization_id and k.key = 'wamid:' || e.wamid);
    if positions is not null then
        -- By position, as an expression: a join would compare each with each, because its plan does not know how long the lists are.
        select jsonb_object_agg(positions[c.n], jsonb_build_array(c.conversation_id, c.contact_id, c.is_new)) into begun
        from app.ensure_conversations(organizations, peers, names, applied_at) c;
    end if;
    return array(
        select case
            when e.kind = 'status' then row(
                m.conversation_id, m.contact_id, m.id, m.created_at, false, false,
                case when m.id is null then 'whatsapp_message_unknown' end
                )::app.whatsapp_target
            when e.kind = 'number_changed' then row(
                o.id, o.contact_id, e.log_id, e.log_created_at, false, o.id is not null,
                case when o.id is null then 'whatsapp_conversation_unknown' end
                )::app.whatsapp_target
            when begun ? e.ordinality::text then row(
                (begun -> e.ordinality::text ->> 0)::uuid, (begun -> e.ordinality::text ->> 1)::uuid, e.log_id, e.log_created_at,
                (begun -> e.ordinality::text ->> 2)::boolean, true, null)::app.whatsapp_target
            else row(s.conversation_id, s.contact_id, s.message_id, s.message_created_at, false, false, null)::app.whatsapp_target
            end
        from unnest(events) with ordinality as e
        left join lateral (
            select f.id, f.created_at, f.conversation_id, c.contact_id
            from (
                select m.id, m.created_at, m.conversation_id, m.organization_id
                from app.message_key k
                join app.message m on m.organization_id = k.organization_id and m.created_at = k.message_created_at and m.id = k.message_id
                where k.organization_id = e.organization_id and k.key = 'wamid:' || e.wamid and m.direction = 'outbound'
                union all
                select m.id, m.created_at, m.conversation_id, m.organization_id
                from app.message m
                where m.organization_id = e.organization_id and m.created_at = e.callback_created_at and m.id = e.callback_id
                    and m.direction = 'outbound' and coalesce(m.wamid, e.wamid) = e.wamid
                limit 1
            ) f
            join app.conversation c on c.organization_id = f.organization_id and c.id = f.conversation_id
            where e.kind = 'status'
        ) m on true
        left join lateral (
            select c.id, c.contact_id
            from app.conversation c
            where e.kind = 'number_changed' and c.organization_id = e.organization_id and c.channel = 'whatsapp' and c.peer_id = e.peer_id
                and c.status <> 'closed'
        ) o on true
        left join lateral (
            select k.conversation_id, k.message_id, k.message_created_at, c.contact_id
            from app.message_key k
            join app.conversation c on c.organization_id = k.organization_id and c.id = k.conversation_id
            where e.kind = 'message' and k.organization_id = e.organization_id and k.key = 'wamid:' || e.wamid
        ) s on true
        order by e.ordinality);
end
$$;

revoke all on function app.find_whatsapp_targets(app.whatsapp_event[], timestamptz) from public;
grant execute on function app.find_whatsapp_targets(app.whatsapp_event[], timestamptz) to salesbrain_platform;
