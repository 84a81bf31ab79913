-- The newest live lead of a conversation's person, for those who work with the conversation: agents do not see leads. Only its id and
-- status.
create or replace function app.conversation_lead(conversation uuid)
returns table (lead_id uuid, lead_status text)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    known app.conversation;
begin
    select c.* into known from app.conversation c where c.id = conversation;
    if known.id is not null and app.may_work_conversation(known.organization_id, known.assigned_to) then
        return query
        select l.id, l.status
        from app.lead l
        where l.organization_id = known.organization_id and l.contact_id = known.contact_id and l.deleted_at is null
        order by l.created_at desc, l.id desc
        limit 1;
    end if;
end
$$;

revoke all on function app.conversation_lead(uuid) from public;
grant execute on function app.conversation_lead(uuid) to salesbrain_tenant, salesbrain_platform;
