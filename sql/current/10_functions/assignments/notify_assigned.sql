-- Notifies users of the number of contacts or campaigns assigned to them. Within ten minutes they are combined into one notification with a
-- count. Users are not notified of their own actions. A definer function, because a session can see and update only its own user's
-- notifications.
create or replace function app.notify_assigned(
    organization uuid, subject text, users uuid[], counts integer[], assigner uuid, at timestamptz) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not app.may_assign(organization) then
        raise insufficient_privilege using message = 'the users of this organization are not this session''s to tell';
    end if;
    insert into app.notification as n (
        organization_id, user_id, type, title, body, burst_key, burst_at, count, created_at)
    select organization, t.user_id, subject || '.assigned',
        case subject when 'contact' then 'Contacts assigned to you' else 'Campaigns assigned to you' end,
        format('%s %s assigned to you.', sum(t.count), subject || case sum(t.count) when 1 then ' was' else 's were' end),
        '', date_bin('10 minutes', at, 'epoch'), sum(t.count), at
    from unnest(users, counts) as t (user_id, count)
    where t.user_id is distinct from assigner and t.count > 0
    group by t.user_id
    order by t.user_id
    on conflict (organization_id, user_id, type, burst_key, burst_at) do update set
        count = n.count + excluded.count,
        body = format('%s %ss were assigned to you.', n.count + excluded.count, subject),
        read_at = null;
end
$$;

revoke all on function app.notify_assigned(uuid, text, uuid[], integer[], uuid, timestamptz) from public;
grant execute on function app.notify_assigned(uuid, text, uuid[], integer[], uuid, timestamptz) to salesbrain_tenant, salesbrain_platform;
