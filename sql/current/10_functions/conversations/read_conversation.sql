-- Marks what came in a conversation as read, here and not at the vendor. Returns what was unread; null if the session does not see the
-- conversation.
create or replace function app.read_conversation(conversation uuid, at timestamptz) returns integer
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    known app.conversation;
begin
    -- What the session does not see it does not lock, so that nobody waits for, or delays, another organization.
    select c.* into known
    from app.conversation c where c.id = conversation and app.may_work_conversation(c.organization_id, c.assigned_to)
    for no key update;
    if known.id is null then
        return null;
    end if;
    update app.message m set status = 'read', read_at = at, updated_at = at
    where m.organization_id = known.organization_id and m.conversation_id = conversation and m.direction = 'inbound'
        and m.status = 'delivered';
    if known.unread_count > 0 then
        update app.conversation c set unread_count = 0, updated_at = at
        where c.organization_id = known.organization_id and c.id = conversation;
    end if;
    return known.unread_count;
end
$$;

revoke all on function app.read_conversation(uuid, timestamptz) from public;
grant execute on function app.read_conversation(uuid, timestamptz) to salesbrain_tenant, salesbrain_platform;
