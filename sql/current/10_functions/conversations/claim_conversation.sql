-- Gives a conversation that nobody has to the user who claims it. Of many at once one wins; the others learn who has it, also agents who no
-- longer see it. Returns what came of it: claimed, yours (it was before), taken, closed, unsuitable (the user cannot have conversations),
-- not_known.
--
-- Locks the user before the conversation, as app.assign_conversations.
create or replace function app.claim_conversation(conversation uuid, claimer uuid, claimed_at timestamptz)
returns table (outcome text, organization_id uuid, user_id uuid, user_name text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    known app.conversation;
begin
    select c.* into known from app.conversation c where c.id = conversation;
    if known.id is null or not app.may_work_conversation(known.organization_id, null)
        or (pg_has_role(session_user, 'salesbrain_tenant', 'usage') and claimer is distinct from app.current_user_id()) then
        return query select 'not_found', null::uuid, null::uuid, null::text;
        return;
    end if;
    perform from app.user u
    where u.organization_id = known.organization_id and u.id = claimer and u.status = 'active' and app.takes_conversations(u.role)
    for share;
    if not found then
        return query select 'unsuitable', known.organization_id, null::uuid, null::text;
        return;
    end if;
    select c.* into known
    from app.conversation c where c.organization_id = known.organization_id and c.id = conversation
    for no key update;
    if known.id is null then
        return query select 'not_found', null::uuid, null::uuid, null::text;
        return;
    end if;
    if known.assigned_to is null and known.status = 'open' then
        update app.conversation c set status = 'assigned', assigned_to = claimer, updated_at = claimed_at
        where c.organization_id = known.organization_id and c.id = conversation;
        insert into app.conversation_assignment (organization_id, conversation_id, user_id, assigned_by, assigned_at, reason)
        values (known.organization_id, conversation, claimer, claimer, claimed_at, 'claimed');
        outcome := 'claimed';
    else
        outcome := case when known.status = 'closed' then 'closed' when known.assigned_to = claimer then 'yours' else 'taken' end;
    end if;
    organization_id := known.organization_id;
    user_id := coalesce(known.assigned_to, case outcome when 'claimed' then claimer end);
    user_name := app.agent_name(known.organization_id, user_id);
    return next;
end
$$;

revoke all on function app.claim_conversation(uuid, uuid, timestamptz) from public;
grant execute on function app.claim_conversation(uuid, uuid, timestamptz) to salesbrain_tenant, salesbrain_platform;
