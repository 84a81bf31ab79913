alter table app.analytics_zone enable row level security;
alter table app.analytics_zone force row level security;
select app.drop_policies('app.analytics_zone');

create policy owner_all on app.analytics_zone to current_user using (true) with check (true);

create policy platform_all on app.analytics_zone to salesbrain_platform using (true) with check (true);

create policy fence on app.analytics_zone as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_member on app.analytics_zone for select to salesbrain_tenant
    using (true);

revoke all on app.analytics_zone from public, salesbrain_tenant, salesbrain_platform;
-- Written by app.fold_analytics and app.ask_analytics_zone only.
grant select on app.analytics_zone to salesbrain_tenant, salesbrain_platform;
