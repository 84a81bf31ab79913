-- Keeps at least one active owner in an organization, also under concurrent changes. The lock on the organization serializes the checks,
-- and each statement takes a new snapshot.
create or replace function app.keep_an_owner() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform from app.organization o where o.id = old.organization_id for no key update;
    if not exists (
        select from app.user u where u.organization_id = old.organization_id and u.role = 'owner' and u.status = 'active'
    ) then
        raise exception using
            errcode = 'check_violation',
            constraint = 'user_last_owner_check',
            table = 'user',
            schema = 'app',
            message = 'the organization would have no active owner';
    end if;
    return null;
end
$$;

revoke all on function app.keep_an_owner() from public;

create or replace trigger keep_an_owner after update of role, status, organization_id on app.user
    for each row when (
        old.role = 'owner' and old.status = 'active'
        and (new.role <> 'owner' or new.status <> 'active' or new.organization_id is distinct from old.organization_id))
    execute function app.keep_an_owner();
