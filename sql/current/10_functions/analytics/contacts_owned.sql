-- How many contacts each user owns (active primary assignments). Sessions of an agency or client count only contacts with a lead that they
-- see. A definer function, because their sessions see only their own user's assignments.
create or replace function app.contacts_owned(organization uuid) returns table (user_id uuid, contacts bigint)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if app.may_search(organization) then
        return query
            select a.user_id, count(*)
            from app.user_contact_assignment a
            where a.organization_id = organization and a.status = 'active' and a.is_primary_owner
            group by a.user_id;
    elsif pg_has_role(session_user, 'salesbrain_tenant', 'usage') and organization = app.current_org_id() then
        return query
            select a.user_id, count(*)
            from app.user_contact_assignment a
            where a.organization_id = organization and a.status = 'active' and a.is_primary_owner and exists (
                select from app.lead l
                where l.organization_id = organization and l.contact_id = a.contact_id and l.deleted_at is null
                    and (l.agency_id = app.current_agency_id() or l.client_id = app.current_client_id()))
            group by a.user_id;
    end if;
end
$$;

revoke all on function app.contacts_owned(uuid) from public;
grant execute on function app.contacts_owned(uuid) to salesbrain_tenant, salesbrain_platform;
