-- Notifies a user of the leads that have just been assigned to them. The leads of one campaign within ten minutes are one notification with
-- a count. Users are not notified of their own actions. A definer function, because a session can see and update only its own user's
-- notifications. The texts name nobody: what is known about a contact stays with the contact.
create or replace function app.notify_lead_assignee(
    organization uuid, lead_ids uuid[], assignee uuid, assigner uuid, notes text, at timestamptz) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not app.works_leads(organization) then
        raise insufficient_privilege using message = 'this session may not assign leads of this organization';
    end if;
    if assignee is null or assignee = assigner then
        return;
    end if;
    insert into app.notification as n (
        organization_id, user_id, type, title, body, link_entity, link_id, data, burst_key, burst_at, count, created_at)
    select organization, assignee, 'lead.assigned', 'Leads assigned to you',
        case count(*) when 1 then 'A lead was assigned to you.' else format('%s leads were assigned to you.', count(*)) end,
        'lead', (array_agg(l.id order by l.id desc))[1],
        case when notes is null then '{}' else jsonb_build_object('notes', notes) end,
        coalesce(l.campaign_id::text, ''), date_bin('10 minutes', at, 'epoch'), count(*), at
    from app.lead l
    -- Only what is so: the session may name any ids.
    where l.organization_id = organization and l.id = any (lead_ids) and l.assigned_to = assignee and l.deleted_at is null
    group by l.campaign_id
    order by l.campaign_id
    on conflict (organization_id, user_id, type, burst_key, burst_at) do update set
        count = n.count + excluded.count,
        body = format('%s leads were assigned to you.', n.count + excluded.count),
        link_id = excluded.link_id,
        data = n.data || excluded.data,
        read_at = null;
end
$$;

revoke all on function app.notify_lead_assignee(uuid, uuid[], uuid, uuid, text, timestamptz) from public;
grant execute on function app.notify_lead_assignee(uuid, uuid[], uuid, uuid, text, timestamptz) to salesbrain_tenant, salesbrain_platform;
