alter table app.agency enable row level security;
alter table app.agency force row level security;
select app.drop_policies('app.agency');

create policy owner_all on app.agency to current_user using (true) with check (true);

create policy platform_all on app.agency to salesbrain_platform using (true) with check (true);

create policy fence on app.agency as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_scope on app.agency for select to salesbrain_tenant
    using ((select app.reads_organization()) or id = (select app.current_agency_id()));

create policy insert_running on app.agency for insert to salesbrain_tenant
    with check ((select app.runs_organization()));

create policy update_scope on app.agency for update to salesbrain_tenant
    using ((select app.runs_organization()) or (id = (select app.current_agency_id()) and (select app.is_role('agency_admin'))))
    with check ((select app.runs_organization()) or (id = (select app.current_agency_id()) and (select app.is_role('agency_admin'))));

create policy delete_running on app.agency for delete to salesbrain_tenant
    using ((select app.runs_organization()));

revoke all on app.agency from public, salesbrain_tenant, salesbrain_platform;
grant select, insert, update, delete on app.agency to salesbrain_tenant, salesbrain_platform;
