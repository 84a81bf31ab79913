-- Whether a source of an import job can be used: it is neither deleted nor disabled. Locks it until the transaction ends, so that a
-- deletion waits and then finds the job running. Key share: a job that ends at the same time holds its own row and updates the source.
-- A definer function, because people run jobs of sources that they may not change, and only those could lock them.
create or replace function app.hold_data_source(organization uuid, source uuid) returns boolean
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not (pg_has_role(session_user, 'salesbrain_platform', 'usage')
        or (pg_has_role(session_user, 'salesbrain_tenant', 'usage') and coalesce(organization = app.current_org_id(), false)
            and app.is_role('owner', 'admin', 'member', 'agency_admin', 'agency_staff'))) then
        return false;
    end if;
    perform from app.data_source s
    where s.organization_id = organization and s.id = source and s.deleted_at is null and s.status <> 'disabled'
    for key share;
    return found;
end
$$;

revoke all on function app.hold_data_source(uuid, uuid) from public;
grant execute on function app.hold_data_source(uuid, uuid) to salesbrain_tenant, salesbrain_platform;
