-- Notifies users of conversations that they have now, unless they took them themselves. conversations[i] went to users[i]. The same
-- conversation within ten minutes is one notification. The text names nobody: the person's name is read with the conversation.
create or replace function app.notify_conversations_assigned(organization uuid, conversations uuid[], users uuid[], assigner uuid, at timestamptz)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into app.notification as n (
        organization_id, user_id, type, title, body, link_entity, link_id, burst_key, burst_at, count, created_at)
    select organization, t.user_id, 'conversation.assigned', 'Conversation assigned to you', 'A conversation was assigned to you.',
        'conversation', t.conversation_id, t.conversation_id::text, date_bin('10 minutes', at, 'epoch'), 1, at
    from unnest(conversations, users) as t (conversation_id, user_id)
    where t.user_id is distinct from assigner
    order by t.user_id, t.conversation_id
    on conflict (organization_id, user_id, type, burst_key, burst_at) do update set count = n.count + 1, read_at = null;
end
$$;

revoke all on function app.notify_conversations_assigned(uuid, uuid[], uuid[], uuid, timestamptz) from public;
