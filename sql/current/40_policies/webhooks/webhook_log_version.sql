alter table app.webhook_log_version enable row level security;
alter table app.webhook_log_version force row level security;
select app.drop_policies('app.webhook_log_version');

create policy owner_all on app.webhook_log_version to current_user using (true) with check (true);

create policy platform_all on app.webhook_log_version to salesbrain_platform using (true) with check (true);

create policy fence on app.webhook_log_version as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_reader on app.webhook_log_version for select to salesbrain_tenant
    using ((select app.reads_organization()));

revoke all on app.webhook_log_version from public, salesbrain_tenant, salesbrain_platform;
-- Written by the triggers on app.webhook_log only.
grant select on app.webhook_log_version to salesbrain_tenant, salesbrain_platform;
