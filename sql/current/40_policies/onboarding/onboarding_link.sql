alter table app.onboarding_link enable row level security;
alter table app.onboarding_link force row level security;
select app.drop_policies('app.onboarding_link');

create policy owner_all on app.onboarding_link to current_user using (true) with check (true);

create policy platform_all on app.onboarding_link to salesbrain_platform using (true) with check (true);

create policy fence on app.onboarding_link as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_running on app.onboarding_link for select to salesbrain_tenant
    using ((select app.runs_organization()));

create policy insert_running on app.onboarding_link for insert to salesbrain_tenant
    with check ((select app.runs_organization()));

create policy update_running on app.onboarding_link for update to salesbrain_tenant
    using ((select app.runs_organization()))
    with check ((select app.runs_organization()));

revoke all on app.onboarding_link from public, salesbrain_tenant, salesbrain_platform;
grant select, insert, update on app.onboarding_link to salesbrain_tenant, salesbrain_platform;
