-- Gives a conversation to a user, also one that another user has. For supervisors. Returns what came of it: assigned, unchanged, closed,
-- unsuitable (the user is not an active agent or supervisor of the organization), not_found; and who had it before. The previous assignment
-- ends with the reason `reassigned`.
--
-- Locks the user before the conversation, as app.assign_conversations.
create or replace function app.assign_conversation(conversation uuid, assignee uuid, assigner uuid, why text, at timestamptz)
returns table (outcome text, organization_id uuid, previous_user_id uuid)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    known app.conversation;
begin
    select c.* into known from app.conversation c where c.id = conversation;
    outcome := 'not_found';
    if known.id is null or not (pg_has_role(session_user, 'salesbrain_platform', 'usage')
        or (app.may_work_conversation(known.organization_id, null) and not app.is_role('agent'))) then
        return next;
        return;
    end if;
    organization_id := known.organization_id;
    perform from app.user u
    where u.organization_id = known.organization_id and u.id = assignee and u.status = 'active' and u.role in ('agent', 'agent_supervisor')
    for share;
    if not found then
        outcome := 'unsuitable';
        return next;
        return;
    end if;
    select c.* into known
    from app.conversation c where c.organization_id = known.organization_id and c.id = conversation
    for no key update;
    previous_user_id := known.assigned_to;
    outcome := case when known.id is null then 'not_found' when known.status = 'closed' then 'closed'
        when known.assigned_to = assignee then 'unchanged' else 'assigned' end;
    if outcome = 'assigned' then
        update app.conversation_assignment a set ended_at = at, reason = 'reassigned'
        where a.organization_id = known.organization_id and a.conversation_id = conversation and a.ended_at is null;
        update app.conversation c set status = 'assigned', assigned_to = assignee, updated_at = at
        where c.organization_id = known.organization_id and c.id = conversation;
        insert into app.conversation_assignment (organization_id, conversation_id, user_id, assigned_by, assigned_at, reason)
        values (known.organization_id, conversation, assignee, assigner, at, coalesce(why, 'assigned'));
        perform app.notify_conversations_assigned(known.organization_id, array[conversation], array[assignee], assigner, at);
    end if;
    return next;
end
$$;

revoke all on function app.assign_conversation(uuid, uuid, uuid, text, timestamptz) from public;
grant execute on function app.assign_conversation(uuid, uuid, uuid, text, timestamptz) to salesbrain_tenant, salesbrain_platform;
