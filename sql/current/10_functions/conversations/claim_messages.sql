-- Claims messages of an organization for a worker, which sends each at its time (send_at), and marks them as sending: when the statement is
-- committed the requests go out. Returns no row if none can be sent now.
--
-- Claims of an organization are made one after the other. Of each conversation only the first message of its queue is claimed, and none
-- while another worker has one: so messages of a conversation are sent in order. A conversation whose first message waits for a retry waits
-- with it. The messages of the number keep a distance of 1/messages_per_second s, whichever instance sends them. Those to one person may be
-- `burst` at once, and then one in `interval`: the vendor's pair limit.
create or replace function app.claim_messages(
    organization uuid, owner uuid, most integer, at timestamptz, lease interval, horizon interval, pair_interval interval,
    pair_burst integer)
returns table (
    message_id uuid, message_created_at timestamptz, conversation_id uuid, peer_id text, type text, text text, payload jsonb,
    reply_to_wamid text, attempt integer, send_at timestamptz, queued_at timestamptz, phone_number_id text, token_sealed bytea)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    account app.whatsapp_account;
    number_at timestamptz;
    spacing interval;
    places integer;
    pair_tolerance interval := pair_interval * (pair_burst - 1);
begin
    select * into account
    from app.whatsapp_account a
    where a.organization_id = organization and a.status = 'configured' and (a.sends_after is null or a.sends_after <= at);
    if account.id is null then
        return;
    end if;
    insert into app.whatsapp_pace (organization_id, next_at) values (organization, at) on conflict (organization_id) do nothing;
    select p.next_at into number_at from app.whatsapp_pace p where p.organization_id = organization for update;
    number_at := greatest(number_at, at);
    spacing := interval '1 second' / account.messages_per_second;
    places := least(most, ceil(extract(epoch from at + horizon - number_at) / extract(epoch from spacing))::integer);
    if places <= 0 then
        return;
    end if;

    return query
    with heads as materialized (
        select q.message_id, q.message_created_at, q.conversation_id, q.attempt, q.number, q.due_at
        from app.message_queue q
        join app.message m on m.organization_id = organization and m.created_at = q.message_created_at and m.id = q.message_id
        join app.conversation c on c.organization_id = organization and c.id = q.conversation_id
        where q.organization_id = organization and q.due_at <= at and q.lease_owner is null
            and not exists (
                select from app.message_queue p
                where p.organization_id = organization and p.conversation_id = q.conversation_id and p.number < q.number
                    and p.due_at is not null)
        order by q.due_at, q.number
        limit places
        -- Waits for nobody: others lock the message before the queue, and whoever erases the conversation locks that before both. The
        -- foreign key of the pace would wait for the erasure.
        for no key update of q, m skip locked
        for key share of c skip locked
    ), judged as (
        -- A new conversation with a person goes on where the one before it was.
        select h.*, greatest(before.next_at, at) as pair_at, coalesce(before.next_at - at <= pair_tolerance, true) as is_free
        from heads h
        left join lateral (
            select max(o.next_at) as next_at
            from app.conversation c
            join app.conversation s on s.organization_id = c.organization_id and s.contact_id = c.contact_id and s.peer_id = c.peer_id
            join app.conversation_pace o on o.organization_id = s.organization_id and o.conversation_id = s.id
            where c.organization_id = organization and c.id = h.conversation_id
        ) before on true
    ), paced as (
        insert into app.conversation_pace (organization_id, conversation_id, next_at)
        select organization, j.conversation_id, j.pair_at + pair_interval
        from judged j
        where j.is_free
        on conflict (organization_id, conversation_id) do update set next_at = excluded.next_at
    ), later as (
        -- Not looked at again before the person may be written to.
        update app.message_queue q set due_at = j.pair_at - pair_tolerance
        from judged j
        where q.organization_id = organization and q.message_id = j.message_id and not j.is_free
    ), numbered as (
        select j.*, number_at + spacing * (row_number() over (order by j.due_at, j.number) - 1) as send_at, count(*) over () as claimed
        from judged j
        where j.is_free
    ), moved as (
        update app.whatsapp_pace p set next_at = number_at + spacing * (select max(n.claimed) from numbered n)
        where p.organization_id = organization and exists (select from numbered)
    ), leased as (
        update app.message_queue q set lease_owner = owner, lease_until = n.send_at + lease
        from numbered n
        where q.organization_id = organization and q.message_id = n.message_id
    )
    update app.message m set status = 'sending', updated_at = at
    from numbered n
    join app.conversation c on c.organization_id = organization and c.id = n.conversation_id
    where m.organization_id = organization and m.created_at = n.message_created_at and m.id = n.message_id
    returning m.id, m.created_at, m.conversation_id, c.peer_id, m.type, m.text, m.payload, m.reply_to_wamid, n.attempt, n.send_at, n.due_at,
        account.phone_number_id, account.token_sealed;
end
$$;

revoke all on function app.claim_messages(uuid, uuid, integer, timestamptz, interval, interval, interval, integer) from public;
grant execute on function app.claim_messages(uuid, uuid, integer, timestamptz, interval, interval, interval, integer) to salesbrain_platform;
