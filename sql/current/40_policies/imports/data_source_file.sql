alter table app.data_source_file enable row level security;
alter table app.data_source_file force row level security;
select app.drop_policies('app.data_source_file');

create policy owner_all on app.data_source_file to current_user using (true) with check (true);

create policy platform_all on app.data_source_file to salesbrain_platform using (true) with check (true);

create policy fence on app.data_source_file as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

-- Who may change a data source uploads its files.
create policy select_scope on app.data_source_file for select to salesbrain_tenant
    using ((select app.runs_organization()) or (agency_id = (select app.current_agency_id()) and (select app.is_role('agency_admin'))));

create policy insert_scope on app.data_source_file for insert to salesbrain_tenant
    with check ((select app.runs_organization()) or (agency_id = (select app.current_agency_id()) and (select app.is_role('agency_admin'))));

revoke all on app.data_source_file from public, salesbrain_tenant, salesbrain_platform;
grant select, insert on app.data_source_file to salesbrain_tenant;
grant select, insert, update on app.data_source_file to salesbrain_platform;
