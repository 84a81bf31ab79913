-- Messages of workers that have died: nobody knows whether they were sent. Their lease has expired, and they become unknown; a person
-- decides, or a status of the vendor. Also takes out of the queue what such a status has decided. Returns how many messages became unknown.
create or replace function app.expire_sending(at timestamptz, most integer) returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    expired integer;
begin
    delete from app.message_queue q
    using (
        select u.organization_id, u.message_id
        from app.message_queue u
        join app.message m on m.organization_id = u.organization_id and m.created_at = u.message_created_at and m.id = u.message_id
        where u.due_at is null and m.status <> 'unknown'
        limit most
        for update of u skip locked
    ) decided
    where q.organization_id = decided.organization_id and q.message_id = decided.message_id;

    with stale as materialized (
        select q.organization_id, q.message_id, q.message_created_at
        from app.message_queue q
        join app.message m on m.organization_id = q.organization_id and m.created_at = q.message_created_at and m.id = q.message_id
        where q.lease_until <= at
        order by q.lease_until
        limit most
        -- Waits for nobody: others lock the message before the queue.
        for no key update of q, m skip locked
    ), freed as (
        update app.message_queue q set lease_owner = null, lease_until = null, due_at = null
        from stale s
        where q.organization_id = s.organization_id and q.message_id = s.message_id
    ), marked as (
        update app.message m set
            status = 'unknown', error_code = 'interrupted', updated_at = at,
            error_message = 'The server stopped while it sent the message. Nobody knows whether WhatsApp has it.'
        from stale s
        where m.organization_id = s.organization_id and m.created_at = s.message_created_at and m.id = s.message_id and m.status = 'sending'
        returning 1
    )
    select count(*) into expired from marked;
    return expired;
end
$$;

revoke all on function app.expire_sending(timestamptz, integer) from public;
grant execute on function app.expire_sending(timestamptz, integer) to salesbrain_platform;
