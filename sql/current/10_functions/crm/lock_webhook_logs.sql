-- Locks the webhook logs about a person, by their contact or their address, in the order in which others lock several; waits for those that
-- another session has, or leaves them out.
create or replace function app.lock_webhook_logs(organization uuid, contacts uuid[], addresses text[], waits boolean)
returns table (created_at timestamptz, id uuid)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    created_ats timestamptz[];
    ids uuid[];
begin
    select array_agg(f.created_at), array_agg(f.id) into created_ats, ids
    from (
        select w.created_at, w.id from app.webhook_log w where w.contact_id = any (contacts) and w.organization_id = organization
        union
        select w.created_at, w.id from app.webhook_log w where w.organization_id = organization and w.contact_email_norm = any (addresses)
    ) f;
    if waits then
        return query
        select w.created_at, w.id
        from unnest(created_ats, ids) as f (created_at, id)
        join app.webhook_log w on w.created_at = f.created_at and w.id = f.id
        order by w.created_at, w.id
        for update of w;
    else
        return query
        select w.created_at, w.id
        from unnest(created_ats, ids) as f (created_at, id)
        join app.webhook_log w on w.created_at = f.created_at and w.id = f.id
        order by w.created_at, w.id
        for update of w skip locked;
    end if;
end
$$;

revoke all on function app.lock_webhook_logs(uuid, uuid[], text[], boolean) from public;
