alter table app.import_job_log enable row level security;
alter table app.import_job_log force row level security;
select app.drop_policies('app.import_job_log');

create policy owner_all on app.import_job_log to current_user using (true) with check (true);

create policy platform_all on app.import_job_log to salesbrain_platform using (true) with check (true);

create policy fence on app.import_job_log as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_scope on app.import_job_log for select to salesbrain_tenant
    using ((select app.is_role('owner', 'admin', 'member')) or exists (
        select from app.import_job j where j.organization_id = import_job_log.organization_id and j.id = import_job_log.job_id));

revoke all on app.import_job_log from public, salesbrain_tenant, salesbrain_platform;
-- Written by workers and by a trigger of app.import_job.
grant select on app.import_job_log to salesbrain_tenant;
grant select, insert, delete on app.import_job_log to salesbrain_platform;
