alter table app.analytics_group enable row level security;
alter table app.analytics_group force row level security;
select app.drop_policies('app.analytics_group');

create policy owner_all on app.analytics_group to current_user using (true) with check (true);

create policy platform_all on app.analytics_group to salesbrain_platform using (true) with check (true);

create policy fence on app.analytics_group as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_scope on app.analytics_group for select to salesbrain_tenant
    using ((select app.reads_organization()) or agency_id = (select app.current_agency_id()) or client_id = (select app.current_client_id()));

revoke all on app.analytics_group from public, salesbrain_tenant, salesbrain_platform;
-- Written by app.fold_analytics only.
grant select on app.analytics_group to salesbrain_tenant, salesbrain_platform;
