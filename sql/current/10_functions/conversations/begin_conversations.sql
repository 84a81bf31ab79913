-- The conversation that is not closed with each of the people, made if there is none, with its contact: the one that has the WhatsApp id,
-- else one with the phone number, else a new one. Returns a row for each person, numbered from 1 in the order given. A person may be named
-- repeatedly: is_new is true once.
--
-- The caller has locked the people (app.ensure_conversations) or reserved their organizations (app.reserve_people). Its statements are the
-- same however many people there are. All lists have an item for each place in the order given; what is found or made for a person is at
-- the person's first place.
create or replace function app.begin_conversations(organizations uuid[], peers text[], names text[], opened_at timestamptz)
returns table (n integer, conversation_id uuid, contact_id uuid, is_new boolean)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    firsts integer[];
    peer_names text[];
    first_names text[];
    last_names text[];
    conversations uuid[];
    contacts uuid[];
    -- Where a conversation begins, and where the contact is new too.
    begins boolean[];
    strangers boolean[];
    locked integer;
begin
    select array_agg(s.first order by s.n), array_agg(left(s.name, 200) order by s.n),
        array_agg(left(nullif(split_part(btrim(s.name), ' ', 1), ''), 100) order by s.n),
        array_agg(left(nullif(btrim(substr(btrim(s.name), length(split_part(btrim(s.name), ' ', 1)) + 1)), ''), 100) order by s.n)
    into firsts, peer_names, first_names, last_names
    from (
        select p.n, (min(p.n) over person)::integer as first,
            (array_agg(p.name) filter (where p.name is not null) over person)[1] as name
        from unnest(organizations, peers, names) with ordinality as p (organization_id, peer_id, name, n)
        window person as (partition by p.organization_id, p.peer_id order by p.n rows between unbounded preceding and unbounded following)
    ) s;

    -- The limits keep each look-up a look-up: a plan that joins does not know how long the lists are.
    select array_agg(c.id order by p.n), array_agg(c.contact_id order by p.n), array_agg(p.first = p.n and c.id is null order by p.n)
    into conversations, contacts, begins
    from unnest(organizations, peers, firsts) with ordinality as p (organization_id, peer_id, first, n)
    left join lateral (
        select c.id, c.contact_id
        from app.conversation c
        where p.first = p.n and c.organization_id = p.organization_id and c.channel = 'whatsapp' and c.peer_id = p.peer_id and c.status <> 'closed'
        limit 1
    ) c on true;

    if true = any (begins) then
        contacts := array(
            select case when p.begins then coalesce(
                (select e.contact_id from app.contact_external_id e
                    where e.organization_id = p.organization_id and e.source = 'whatsapp' and e.external_id = p.peer_id),
                case when p.peer_id ~ '^[0-9]{7,15}$' then (
                    select k.id from app.contact k
                    where k.organization_id = p.organization_id and k.phone is not null and app.phone_digits(k.phone) = p.peer_id
                    order by exists (
                        select from app.lead l where l.organization_id = k.organization_id and l.contact_id = k.id and l.deleted_at is null) desc,
                        k.created_at, k.id
                    limit 1) end) else p.contact_id end
            from unnest(organizations, peers, begins, contacts) with ordinality as p (organization_id, peer_id, begins, contact_id, n)
            order by p.n);

        -- Merging and erasing wait until the conversations are there.
        select count(*) into locked
        from (
            select from app.contact k
            where k.id = any (array(select p.contact_id from unnest(begins, contacts) as p (begins, contact_id) where p.begins))
            order by k.id for key share) l;
        if locked < (
            select count(distinct p.contact_id) from unnest(begins, contacts) as p (begins, contact_id) where p.begins) then
            raise serialization_failure using message = 'a contact was merged or erased meanwhile';
        end if;

        select array_agg(p.begins and p.contact_id is null order by p.n),
            array_agg(case when p.begins then coalesce(p.contact_id, gen_random_uuid()) else p.contact_id end order by p.n),
            array_agg(case when p.begins then gen_random_uuid() else p.conversation_id end order by p.n)
        into strangers, contacts, conversations
        from unnest(begins, contacts, conversations) with ordinality as p (begins, contact_id, conversation_id, n);

        insert into app.contact (id, organization_id, first_name, last_name, phone, created_at, updated_at)
        select p.contact_id, p.organization_id, p.first_name, p.last_name,
            case when p.peer_id ~ '^[0-9]{7,15}$' then '+' || p.peer_id end, opened_at, opened_at
        from unnest(organizations, peers, first_names, last_names, contacts, strangers)
            as p (organization_id, peer_id, first_name, last_name, contact_id, is_stranger)
        where p.is_stranger;

        insert into app.contact_external_id (organization_id, source, external_id, contact_id, created_at)
        select p.organization_id, 'whatsapp', p.peer_id, p.contact_id, opened_at
        from unnest(organizations, peers, contacts, begins) as p (organization_id, peer_id, contact_id, begins)
        where p.begins
        order by p.organization_id, p.peer_id
        on conflict (organization_id, source, external_id) do nothing;

        insert into app.conversation (id, organization_id, contact_id, channel, peer_id, peer_name, created_at, updated_at)
        select p.conversation_id, p.organization_id, p.contact_id, 'whatsapp', p.peer_id, p.peer_name, opened_at, opened_at
        from unnest(organizations, peers, peer_names, contacts, conversations, begins)
            as p (organization_id, peer_id, peer_name, contact_id, conversation_id, begins)
        where p.begins;
    end if;

    -- An organization that writes first does not know the name.
    with named as (
        select distinct on (p.contact_id) p.contact_id, p.first_name, p.last_name
        from unnest(first_names, last_names, contacts) with ordinality as p (first_name, last_name, contact_id, n)
        where p.contact_id is not null and p.first_name is not null
        order by p.contact_id, p.n
    ), nameless as (
        select k.id
        from app.contact k
        where k.id = any (array(select m.contact_id from named m)) and k.first_name is null and k.last_name is null
        order by k.id
        for no key update
    )
    update app.contact k set first_name = m.first_name, last_name = m.last_name, updated_at = opened_at
    from nameless l
    join named m on m.contact_id = l.id
    where k.id = l.id;

    return query
    select p.n::integer, conversations[p.first], contacts[p.first], begins[p.n]
    from unnest(firsts) with ordinality as p (first, n)
    order by p.n;
end
$$;

revoke all on function app.begin_conversations(uuid[], text[], text[], timestamptz) from public;
grant execute on function app.begin_conversations(uuid[], text[], text[], timestamptz) to salesbrain_platform;
