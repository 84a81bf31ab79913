alter table app.tally_change enable row level security;
alter table app.tally_change force row level security;
select app.drop_policies('app.tally_change');

create policy owner_all on app.tally_change to current_user using (true) with check (true);

create policy platform_all on app.tally_change to salesbrain_platform using (true) with check (true);

create policy fence on app.tally_change as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_reader on app.tally_change for select to salesbrain_tenant
    using ((select app.reads_organization()));

revoke all on app.tally_change from public, salesbrain_tenant, salesbrain_platform;
-- Written by the triggers on what is counted only.
grant select on app.tally_change to salesbrain_tenant, salesbrain_platform;
