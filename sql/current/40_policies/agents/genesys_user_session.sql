alter table app.genesys_user_session enable row level security;
alter table app.genesys_user_session force row level security;
select app.drop_policies('app.genesys_user_session');

create policy owner_all on app.genesys_user_session to current_user using (true) with check (true);

create policy platform_all on app.genesys_user_session to salesbrain_platform using (true) with check (true);

create policy fence on app.genesys_user_session as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_own on app.genesys_user_session for select to salesbrain_tenant
    using (user_id = (select app.current_user_id()));

revoke all on app.genesys_user_session from public, salesbrain_tenant, salesbrain_platform;
-- Written at sign-in; deleted with the refresh token.
grant select on app.genesys_user_session to salesbrain_tenant;
grant select, insert on app.genesys_user_session to salesbrain_platform;
