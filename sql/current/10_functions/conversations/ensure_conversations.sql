-- The conversation that is not closed with each of the people, as app.begin_conversations finds or makes it. Returns a row for each person,
-- numbered from 1 in the order given.
--
-- Takes an advisory lock for each person, in order, until the transaction ends: however many first messages of a person arrive at once, and
-- whoever writes to them meanwhile, there is one conversation and one contact. Fails with serialization_failure if a contact was merged or
-- erased meanwhile, and the caller starts anew. The caller takes no lock on contacts, leads or conversations before. A definer function,
-- because contacts belong to the whole organization, and an agent sees a contact only when there is a conversation.
create or replace function app.ensure_conversations(organizations uuid[], peers text[], names text[], opened_at timestamptz)
returns table (n integer, conversation_id uuid, contact_id uuid, is_new boolean)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not (pg_has_role(session_user, 'salesbrain_platform', 'usage')
        or (pg_has_role(session_user, 'salesbrain_tenant', 'usage') and app.is_role('owner', 'admin', 'agent_supervisor', 'agent')
            and app.current_org_id() = all (organizations))) then
        raise insufficient_privilege using message = 'this session may not begin conversations of this organization';
    end if;
    perform app.share_people(organizations);
    perform pg_advisory_xact_lock(l.key)
    from (
        select distinct hashtextextended('app.conversation ' || p.organization_id || ' ' || p.peer_id, 0) as key
        from unnest(organizations, peers) as p (organization_id, peer_id)
        order by 1
    ) l;
    return query select b.n, b.conversation_id, b.contact_id, b.is_new from app.begin_conversations(organizations, peers, names, opened_at) b;
end
$$;

revoke all on function app.ensure_conversations(uuid[], text[], text[], timestamptz) from public;
grant execute on function app.ensure_conversations(uuid[], text[], text[], timestamptz) to salesbrain_tenant, salesbrain_platform;
