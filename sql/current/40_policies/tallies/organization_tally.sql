alter table app.organization_tally enable row level security;
alter table app.organization_tally force row level security;
select app.drop_policies('app.organization_tally');

create policy owner_all on app.organization_tally to current_user using (true) with check (true);

create policy platform_all on app.organization_tally to salesbrain_platform using (true) with check (true);

create policy fence on app.organization_tally as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_reader on app.organization_tally for select to salesbrain_tenant
    using ((select app.reads_organization()));

revoke all on app.organization_tally from public, salesbrain_tenant, salesbrain_platform;
-- Written by app.fold_tally_changes only.
grant select on app.organization_tally to salesbrain_tenant, salesbrain_platform;
