-- Takes a conversation from the user who has it: nobody has it then. Agents release their own, supervisors all. Returns what came of it:
-- released, unassigned, closed, not_found; and who had it.
create or replace function app.release_conversation(conversation uuid, at timestamptz)
returns table (outcome text, organization_id uuid, previous_user_id uuid)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    known app.conversation;
begin
    -- What the session does not see it does not lock, so that nobody waits for, or delays, another organization.
    select c.* into known
    from app.conversation c where c.id = conversation and app.may_work_conversation(c.organization_id, c.assigned_to)
    for no key update;
    if known.id is null then
        outcome := 'not_found';
        return next;
        return;
    end if;
    organization_id := known.organization_id;
    previous_user_id := known.assigned_to;
    outcome := case known.status when 'closed' then 'closed' when 'open' then 'unassigned' else 'released' end;
    if outcome = 'released' then
        update app.conversation_assignment a set ended_at = at, reason = 'released'
        where a.organization_id = known.organization_id and a.conversation_id = conversation and a.ended_at is null;
        update app.conversation c set status = 'open', assigned_to = null, updated_at = at
        where c.organization_id = known.organization_id and c.id = conversation;
    end if;
    return next;
end
$$;

revoke all on function app.release_conversation(uuid, timestamptz) from public;
grant execute on function app.release_conversation(uuid, timestamptz) to salesbrain_tenant, salesbrain_platform;
