alter table app.genesys_user enable row level security;
alter table app.genesys_user force row level security;
select app.drop_policies('app.genesys_user');

create policy owner_all on app.genesys_user to current_user using (true) with check (true);

create policy platform_all on app.genesys_user to salesbrain_platform using (true) with check (true);

create policy fence on app.genesys_user as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_scope on app.genesys_user for select to salesbrain_tenant
    using ((select app.reads_organization()) or user_id = (select app.current_user_id()));

revoke all on app.genesys_user from public, salesbrain_tenant, salesbrain_platform;
-- Written at sign-in, before the session of a tenant begins.
grant select on app.genesys_user to salesbrain_tenant;
grant select, insert, update on app.genesys_user to salesbrain_platform;
