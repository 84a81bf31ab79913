alter table app.data_source enable row level security;
alter table app.data_source force row level security;
select app.drop_policies('app.data_source');

create policy owner_all on app.data_source to current_user using (true) with check (true);

create policy platform_all on app.data_source to salesbrain_platform using (true) with check (true);

create policy fence on app.data_source as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

-- Agencies also use the sources of the whole organization. Nobody reads sources who has nothing to do with imports.
create policy select_scope on app.data_source for select to salesbrain_tenant
    using ((select app.is_role('owner', 'admin', 'member'))
        or ((select app.is_role('agency_admin', 'agency_staff')) and (agency_id is null or agency_id = (select app.current_agency_id()))));

create policy insert_scope on app.data_source for insert to salesbrain_tenant
    with check ((select app.runs_organization()) or (agency_id = (select app.current_agency_id()) and (select app.is_role('agency_admin'))));

create policy update_scope on app.data_source for update to salesbrain_tenant
    using ((select app.runs_organization()) or (agency_id = (select app.current_agency_id()) and (select app.is_role('agency_admin'))))
    with check ((select app.runs_organization()) or (agency_id = (select app.current_agency_id()) and (select app.is_role('agency_admin'))));

revoke all on app.data_source from public, salesbrain_tenant, salesbrain_platform;
grant select, insert, update on app.data_source to salesbrain_tenant, salesbrain_platform;
