alter table app.analytics_organization enable row level security;
alter table app.analytics_organization force row level security;
select app.drop_policies('app.analytics_organization');

create policy owner_all on app.analytics_organization to current_user using (true) with check (true);

create policy platform_all on app.analytics_organization to salesbrain_platform using (true) with check (true);

create policy fence on app.analytics_organization as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_member on app.analytics_organization for select to salesbrain_tenant
    using (true);

revoke all on app.analytics_organization from public, salesbrain_tenant, salesbrain_platform;
-- Written by app.fold_analytics only.
grant select on app.analytics_organization to salesbrain_tenant, salesbrain_platform;
