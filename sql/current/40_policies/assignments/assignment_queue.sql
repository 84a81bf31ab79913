alter table app.assignment_queue enable row level security;
alter table app.assignment_queue force row level security;
select app.drop_policies('app.assignment_queue');

create policy owner_all on app.assignment_queue to current_user using (true) with check (true);

create policy platform_all on app.assignment_queue to salesbrain_platform using (true) with check (true);

create policy fence on app.assignment_queue as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_reader on app.assignment_queue for select to salesbrain_tenant
    using ((select app.reads_organization()));

create policy update_running on app.assignment_queue for update to salesbrain_tenant
    using ((select app.runs_organization()))
    with check ((select app.runs_organization()));

create policy delete_running on app.assignment_queue for delete to salesbrain_tenant
    using ((select app.runs_organization()));

revoke all on app.assignment_queue from public, salesbrain_tenant, salesbrain_platform;
-- Tenants' contacts are queued by app.assign_contacts only.
grant select, update, delete on app.assignment_queue to salesbrain_tenant;
grant select, insert, update, delete on app.assignment_queue to salesbrain_platform;
