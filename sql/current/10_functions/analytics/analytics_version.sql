-- The version of the data that a scope sees: the number of its changes so far, folded or not. Every commit that changes something raises
-- it, in whatever order the commits come, and writers never wait for each other.
create or replace function app.analytics_version(organization uuid, agency uuid, client uuid) returns bigint
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    everybody constant uuid := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
begin
    return (
        select coalesce(sum(v.changes), 0)::bigint
        from app.analytics_version v
        where v.organization_id = organization and (v.agency_id = everybody
            or ((agency is null or v.agency_id = agency) and (client is null or v.client_id = client)))
    ) + (
        select count(*)
        from app.analytics_change c
        where c.organization_id = organization and (c.agency_id = everybody
            or ((agency is null or c.agency_id = agency) and (client is null or c.client_id = client)))
    );
end
$$;

revoke all on function app.analytics_version(uuid, uuid, uuid) from public;
grant execute on function app.analytics_version(uuid, uuid, uuid) to salesbrain_tenant, salesbrain_platform;
