alter table app.onboarding_link_access enable row level security;
alter table app.onboarding_link_access force row level security;
select app.drop_policies('app.onboarding_link_access');

create policy owner_all on app.onboarding_link_access to current_user using (true) with check (true);

create policy platform_all on app.onboarding_link_access to salesbrain_platform using (true) with check (true);

create policy fence on app.onboarding_link_access as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_running on app.onboarding_link_access for select to salesbrain_tenant
    using ((select app.runs_organization()));

revoke all on app.onboarding_link_access from public, salesbrain_tenant, salesbrain_platform;
-- Added and pruned by app.note_onboarding_link_access only; the platform shortens addresses.
grant select on app.onboarding_link_access to salesbrain_tenant;
grant select, update on app.onboarding_link_access to salesbrain_platform;
