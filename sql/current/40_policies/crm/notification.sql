alter table app.notification enable row level security;
alter table app.notification force row level security;
select app.drop_policies('app.notification');

create policy owner_all on app.notification to current_user using (true) with check (true);

create policy platform_all on app.notification to salesbrain_platform using (true) with check (true);

create policy fence on app.notification as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_own on app.notification for select to salesbrain_tenant
    using (user_id = (select app.current_user_id()));

-- Roles whose actions notify others can notify every user of the organization.
create policy insert_working on app.notification for insert to salesbrain_tenant
    with check ((select app.is_role('owner', 'admin', 'member', 'agency_admin', 'agency_staff', 'client_admin', 'client_staff')));

create policy update_own on app.notification for update to salesbrain_tenant
    using (user_id = (select app.current_user_id()))
    with check (user_id = (select app.current_user_id()));

revoke all on app.notification from public, salesbrain_tenant, salesbrain_platform;
grant select, insert, update on app.notification to salesbrain_tenant;
grant select, insert, update, delete on app.notification to salesbrain_platform;
