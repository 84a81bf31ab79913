-- The notifications about a contact (also by its former ids), its leads and its conversations, oldest first. A definer function, because a
-- session sees only its own user's; for sessions that can change everything of the organization.
create or replace function app.find_contact_notifications(organization uuid, contacts uuid[]) returns setof jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if app.may_run(organization) then
        return query
        select to_jsonb(n) - array['burst_key', 'burst_at']
        from app.notification n
        where n.organization_id = organization
            and n.link_id = any (contacts || array(
                select l.id from app.lead l where l.organization_id = organization and l.contact_id = any (contacts)
                union all
                select c.id from app.conversation c where c.organization_id = organization and c.contact_id = any (contacts)))
        order by n.created_at, n.id;
    end if;
end
$$;

revoke all on function app.find_contact_notifications(uuid, uuid[]) from public;
grant execute on function app.find_contact_notifications(uuid, uuid[]) to salesbrain_tenant, salesbrain_platform;
