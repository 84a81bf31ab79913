-- Takes a person out of the notifications about them, which link to the contact or to a lead; returns how many. Locks them in the order in
-- which app.notify_of_events writes.
create or replace function app.forget_notifications(organization uuid, links uuid[]) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    forgotten integer;
begin
    with locked as (
        select n.id
        from app.notification n
        where n.organization_id = organization and n.link_id = any (links)
        order by n.user_id, n.type, nullif(n.burst_key, '') collate "C" nulls last, n.burst_at
        for no key update
    )
    update app.notification n set
        title = 'Erased', body = 'The data of the person was erased.', link_entity = null, link_id = null, data = '{}'
    from locked l
    where n.organization_id = organization and n.id = l.id;
    get diagnostics forgotten = row_count;
    return jsonb_build_object('notifications', forgotten);
end
$$;

revoke all on function app.forget_notifications(uuid, uuid[]) from public;
