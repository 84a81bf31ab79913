alter table app.analytics_cache enable row level security;
alter table app.analytics_cache force row level security;
select app.drop_policies('app.analytics_cache');

create policy owner_all on app.analytics_cache to current_user using (true) with check (true);

create policy platform_all on app.analytics_cache to salesbrain_platform using (true) with check (true);

create policy fence on app.analytics_cache as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

-- An answer is read only by sessions of the scope that it was computed in.
create policy select_own_scope on app.analytics_cache for select to salesbrain_tenant
    using (scope = (select app.analytics_scope()));

revoke all on app.analytics_cache from public, salesbrain_tenant, salesbrain_platform;
-- Tenants cannot write answers that others would read.
grant select on app.analytics_cache to salesbrain_tenant;
grant select, insert, update, delete on app.analytics_cache to salesbrain_platform;
