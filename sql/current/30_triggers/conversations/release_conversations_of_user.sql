-- Takes the conversations of a user who can no longer have any: one who was disabled or has another role now. Others can claim them.
create or replace function app.release_conversations_of_user() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    -- First, and by id, as everybody who locks several: an update alone locks them in any order.
    perform from app.conversation c
    where c.organization_id = new.organization_id and c.assigned_to = new.id
    order by c.id
    for no key update;
    update app.conversation_assignment a set ended_at = now(), reason = 'user_left'
    where a.organization_id = new.organization_id and a.user_id = new.id and a.ended_at is null;
    update app.conversation c set assigned_to = null, status = case c.status when 'assigned' then 'open' else c.status end,
        updated_at = now()
    where c.organization_id = new.organization_id and c.assigned_to = new.id;
    return null;
end
$$;

revoke all on function app.release_conversations_of_user() from public;

create or replace trigger release_conversations_of_user after update of status, role on app.user
    for each row when (old.status = 'active' and app.takes_conversations(old.role)
        and (new.status <> 'active' or not app.takes_conversations(new.role)))
    execute function app.release_conversations_of_user();
