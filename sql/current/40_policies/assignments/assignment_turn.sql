alter table app.assignment_turn enable row level security;
alter table app.assignment_turn force row level security;
select app.drop_policies('app.assignment_turn');

create policy owner_all on app.assignment_turn to current_user using (true) with check (true);

create policy platform_all on app.assignment_turn to salesbrain_platform using (true) with check (true);

create policy fence on app.assignment_turn as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_reader on app.assignment_turn for select to salesbrain_tenant
    using ((select app.reads_organization()));

revoke all on app.assignment_turn from public, salesbrain_tenant, salesbrain_platform;
-- Written by app.assign_contacts only.
grant select on app.assignment_turn to salesbrain_tenant, salesbrain_platform;
