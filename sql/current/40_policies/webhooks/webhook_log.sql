alter table app.webhook_log enable row level security;
alter table app.webhook_log force row level security;
select app.drop_policies('app.webhook_log');

create policy owner_all on app.webhook_log to current_user using (true) with check (true);

create policy platform_all on app.webhook_log to salesbrain_platform using (true) with check (true);

create policy fence on app.webhook_log as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_reader on app.webhook_log for select to salesbrain_tenant
    using ((select app.reads_organization()));

create policy insert_running on app.webhook_log for insert to salesbrain_tenant
    with check ((select app.runs_organization()));

create policy update_running on app.webhook_log for update to salesbrain_tenant
    using ((select app.runs_organization()))
    with check ((select app.runs_organization()));

create policy delete_running on app.webhook_log for delete to salesbrain_tenant
    using ((select app.runs_organization()));

revoke all on app.webhook_log from public, salesbrain_tenant, salesbrain_platform;
grant select, insert, update, delete on app.webhook_log to salesbrain_tenant, salesbrain_platform;
