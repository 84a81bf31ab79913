alter table app.assignment_member enable row level security;
alter table app.assignment_member force row level security;
select app.drop_policies('app.assignment_member');

create policy owner_all on app.assignment_member to current_user using (true) with check (true);

create policy platform_all on app.assignment_member to salesbrain_platform using (true) with check (true);

create policy fence on app.assignment_member as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_reader on app.assignment_member for select to salesbrain_tenant
    using ((select app.reads_organization()));

create policy insert_running on app.assignment_member for insert to salesbrain_tenant
    with check ((select app.runs_organization()));

create policy update_running on app.assignment_member for update to salesbrain_tenant
    using ((select app.runs_organization()))
    with check ((select app.runs_organization()));

create policy delete_running on app.assignment_member for delete to salesbrain_tenant
    using ((select app.runs_organization()));

revoke all on app.assignment_member from public, salesbrain_tenant, salesbrain_platform;
grant select, insert, update, delete on app.assignment_member to salesbrain_tenant, salesbrain_platform;
