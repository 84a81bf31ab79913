alter table app.import_job enable row level security;
alter table app.import_job force row level security;
select app.drop_policies('app.import_job');

create policy owner_all on app.import_job to current_user using (true) with check (true);

create policy platform_all on app.import_job to salesbrain_platform using (true) with check (true);

create policy fence on app.import_job as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_scope on app.import_job for select to salesbrain_tenant
    using ((select app.is_role('owner', 'admin', 'member')) or agency_id = (select app.current_agency_id()));

-- Members and agency staff run the jobs that they created.
create policy insert_scope on app.import_job for insert to salesbrain_tenant
    with check ((select app.runs_organization()) or (agency_id = (select app.current_agency_id()) and (select app.is_role('agency_admin')))
        or (created_by = (select app.current_user_id()) and ((select app.is_role('member')) or (agency_id = (select app.current_agency_id()) and (select app.is_role('agency_staff'))))));

create policy update_scope on app.import_job for update to salesbrain_tenant
    using ((select app.runs_organization()) or (agency_id = (select app.current_agency_id()) and (select app.is_role('agency_admin')))
        or (created_by = (select app.current_user_id()) and ((select app.is_role('member')) or (agency_id = (select app.current_agency_id()) and (select app.is_role('agency_staff'))))))
    with check ((select app.runs_organization()) or (agency_id = (select app.current_agency_id()) and (select app.is_role('agency_admin')))
        or (created_by = (select app.current_user_id()) and ((select app.is_role('member')) or (agency_id = (select app.current_agency_id()) and (select app.is_role('agency_staff'))))));

revoke all on app.import_job from public, salesbrain_tenant, salesbrain_platform;
grant select, insert, update on app.import_job to salesbrain_tenant, salesbrain_platform;
