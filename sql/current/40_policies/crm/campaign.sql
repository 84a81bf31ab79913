alter table app.campaign enable row level security;
alter table app.campaign force row level security;
select app.drop_policies('app.campaign');

create policy owner_all on app.campaign to current_user using (true) with check (true);

create policy platform_all on app.campaign to salesbrain_platform using (true) with check (true);

create policy fence on app.campaign as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_scope on app.campaign for select to salesbrain_tenant
    using ((select app.reads_organization()) or agency_id = (select app.current_agency_id()) or client_id = (select app.current_client_id()));

create policy insert_scope on app.campaign for insert to salesbrain_tenant
    with check ((select app.runs_organization()) or (agency_id = (select app.current_agency_id()) and (select app.is_role('agency_admin'))));

create policy update_scope on app.campaign for update to salesbrain_tenant
    using ((select app.runs_organization()) or (agency_id = (select app.current_agency_id()) and (select app.is_role('agency_admin'))))
    with check ((select app.runs_organization()) or (agency_id = (select app.current_agency_id()) and (select app.is_role('agency_admin'))));

create policy delete_scope on app.campaign for delete to salesbrain_tenant
    using ((select app.runs_organization()) or (agency_id = (select app.current_agency_id()) and (select app.is_role('agency_admin'))));

revoke all on app.campaign from public, salesbrain_tenant, salesbrain_platform;
grant select, insert, update, delete on app.campaign to salesbrain_tenant, salesbrain_platform;
