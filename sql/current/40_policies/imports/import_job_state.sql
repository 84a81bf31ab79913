alter table app.import_job_state enable row level security;
alter table app.import_job_state force row level security;
select app.drop_policies('app.import_job_state');

create policy owner_all on app.import_job_state to current_user using (true) with check (true);

create policy platform_all on app.import_job_state to salesbrain_platform using (true) with check (true);

create policy fence on app.import_job_state as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_scope on app.import_job_state for select to salesbrain_tenant
    using ((select app.is_role('owner', 'admin', 'member')) or exists (
        select from app.import_job j where j.organization_id = import_job_state.organization_id and j.id = import_job_state.job_id));

revoke all on app.import_job_state from public, salesbrain_tenant, salesbrain_platform;
-- Written only by a trigger of app.import_job.
grant select on app.import_job_state to salesbrain_tenant, salesbrain_platform;
