-- Gives conversations that have just begun to agents, as app.assign_conversations does. conversations[i] belongs to organizations[i]; the
-- same conversation may be named repeatedly. Returns how many were given. Call it after app.ensure_conversations, in the same transaction.
create or replace function app.assign_new_conversations(organizations uuid[], conversations uuid[], at timestamptz) returns integer
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    begun record;
    given integer := 0;
begin
    -- In one order, because each organization's turns stay locked until the commit.
    for begun in
        select b.organization_id, array_agg(distinct b.conversation_id) as ids
        from unnest(organizations, conversations) as b (organization_id, conversation_id)
        group by b.organization_id
        order by b.organization_id
    loop
        given := given + (select count(*) from app.assign_conversations(begun.organization_id, begun.ids, at));
    end loop;
    return given;
end
$$;

revoke all on function app.assign_new_conversations(uuid[], uuid[], timestamptz) from public;
grant execute on function app.assign_new_conversations(uuid[], uuid[], timestamptz) to salesbrain_platform;
