-- Lets the notifications about leads and contacts that are merged lead to those that take their place: links[i] becomes places[i]. Locks
-- them in the order in which app.notify_of_events writes.
create or replace function app.move_notifications(organization uuid, links uuid[], places uuid[]) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    with locked as (
        select n.id
        from app.notification n
        where n.organization_id = organization and n.link_id = any (links)
        order by n.user_id, n.type, nullif(n.burst_key, '') collate "C" nulls last, n.burst_at
        for no key update
    )
    update app.notification n set link_id = places[array_position(links, n.link_id)]
    from locked l
    where n.organization_id = organization and n.id = l.id;
end
$$;

revoke all on function app.move_notifications(uuid, uuid[], uuid[]) from public;
