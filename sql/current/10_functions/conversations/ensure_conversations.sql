-- The conversation that is not closed with each of the people, made if there is none, with its contact: the one that has the WhatsApp id,
-- else one with the phone number, else a new one. Returns a row for each person, numbered from 1 in the order given.
--
-- Takes an advisory lock for each person, in order, until the transaction ends: however many first messages of a person arrive at once, and
-- whoever writes to them meanwhile, there is one conversation and one contact. Then locks the contacts that are there, by id; fails with
-- serialization_failure if one was merged, erased or changed meanwhile, and the caller starts anew. The caller takes no lock on contacts,
-- leads or conversations before. A definer function, because contacts belong to the whole organization, and an agent sees a contact only when there is a
-- conversation.
create or replace function app.ensure_conversations(organizations uuid[], peers text[], names text[], opened_at timestamptz)
returns table (n integer, conversation_id uuid, contact_id uuid, is_new boolean)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    person record;
    known uuid;
    found_contact uuid;
    made boolean;
    contacts uuid[];
    locked integer;
begin
    if not (pg_has_role(session_user, 'salesbrain_platform', 'usage')
        or (pg_has_role(session_user, 'salesbrain_tenant', 'usage') and app.is_role('owner', 'admin', 'agent_supervisor', 'agent')
            and app.current_org_id() = all (organizations))) then
        raise insufficient_privilege using message = 'this session may not begin conversations of this organization';
    end if;
    perform pg_advisory_xact_lock(l.key)
    from (
        select distinct hashtextextended('app.conversation ' || p.organization_id || ' ' || p.peer_id, 0) as key
        from unnest(organizations, peers) as p (organization_id, peer_id)
        order by 1
    ) l;
    contacts := array_remove(array(
        select coalesce(c.contact_id, app.find_peer_contact(p.organization_id, p.peer_id))
        from (select distinct o.organization_id, o.peer_id from unnest(organizations, peers) as o (organization_id, peer_id)) p
        left join app.conversation c
            on c.organization_id = p.organization_id and c.channel = 'whatsapp' and c.peer_id = p.peer_id and c.status <> 'closed'), null);
    -- Merging and erasing wait until the conversations are there.
    select count(*) into locked
    from (select from app.contact k where k.id = any (contacts) order by k.id for key share) l;
    if locked < (select count(distinct c) from unnest(contacts) c) then
        raise serialization_failure using message = 'a contact was merged or erased meanwhile';
    end if;
    -- Those whose names are filled below.
    if exists (select from unnest(names) n where btrim(n) <> '') then
        perform from app.contact k
        where k.id = any (contacts) and k.first_name is null and k.last_name is null
        order by k.id
        for no key update;
    end if;

    for person in
        select min(p.n)::integer as n, array_agg(p.n::integer) as positions, p.organization_id, p.peer_id,
            (array_agg(p.name order by p.n) filter (where p.name is not null))[1] as name
        from unnest(organizations, peers, names) with ordinality as p (organization_id, peer_id, name, n)
        group by p.organization_id, p.peer_id
        order by p.organization_id, p.peer_id
    loop
        made := false;
        select c.id, c.contact_id into known, found_contact
        from app.conversation c
        where c.organization_id = person.organization_id and c.channel = 'whatsapp' and c.peer_id = person.peer_id and c.status <> 'closed';
        if known is null then
            found_contact := app.find_peer_contact(person.organization_id, person.peer_id);
            if found_contact is not null and found_contact <> all (contacts) then
                -- Locking it now, out of order, could deadlock.
                raise serialization_failure using message = 'the contact of a person changed meanwhile';
            end if;
            if found_contact is null then
                insert into app.contact (organization_id, first_name, last_name, phone, created_at, updated_at)
                values (
                    person.organization_id,
                    left(nullif(split_part(btrim(person.name), ' ', 1), ''), 100),
                    left(nullif(btrim(substr(btrim(person.name), length(split_part(btrim(person.name), ' ', 1)) + 1)), ''), 100),
                    case when person.peer_id ~ '^[0-9]{7,15}$' then '+' || person.peer_id end,
                    opened_at, opened_at)
                returning id into found_contact;
            end if;
            insert into app.contact_external_id (organization_id, source, external_id, contact_id, created_at)
            values (person.organization_id, 'whatsapp', person.peer_id, found_contact, opened_at)
            on conflict (organization_id, source, external_id) do nothing;
            insert into app.conversation (organization_id, contact_id, channel, peer_id, peer_name, created_at, updated_at)
            values (person.organization_id, found_contact, 'whatsapp', person.peer_id, left(person.name, 200), opened_at, opened_at)
            returning id into known;
            made := true;
        end if;
        -- An organization that writes first does not know the name.
        update app.contact k set
            first_name = left(nullif(split_part(btrim(person.name), ' ', 1), ''), 100),
            last_name = left(nullif(btrim(substr(btrim(person.name), length(split_part(btrim(person.name), ' ', 1)) + 1)), ''), 100),
            updated_at = opened_at
        where btrim(person.name) <> '' and k.id = found_contact and k.first_name is null and k.last_name is null;
        return query
        select p.n, known, found_contact, made and p.n = person.n
        from unnest(person.positions) as p (n);
    end loop;
end
$$;

revoke all on function app.ensure_conversations(uuid[], text[], text[], timestamptz) from public;
grant execute on function app.ensure_conversations(uuid[], text[], text[], timestamptz) to salesbrain_tenant, salesbrain_platform;
