alter table app.tenant enable row level security;
alter table app.tenant force row level security;
select app.drop_policies('app.tenant');

create policy owner_all on app.tenant to current_user using (true) with check (true);

create policy platform_all on app.tenant to salesbrain_platform using (true) with check (true);

create policy fence on app.tenant as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_reader on app.tenant for select to salesbrain_tenant
    using ((select app.reads_organization()));

revoke all on app.tenant from public, salesbrain_tenant, salesbrain_platform;
grant select on app.tenant to salesbrain_tenant;
grant select, insert, update, delete on app.tenant to salesbrain_platform;
