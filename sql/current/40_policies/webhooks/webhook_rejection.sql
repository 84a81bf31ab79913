alter table app.webhook_rejection enable row level security;
alter table app.webhook_rejection force row level security;
select app.drop_policies('app.webhook_rejection');

create policy owner_all on app.webhook_rejection to current_user using (true) with check (true);

create policy platform_all on app.webhook_rejection to salesbrain_platform using (true) with check (true);

create policy fence on app.webhook_rejection as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_reader on app.webhook_rejection for select to salesbrain_tenant
    using ((select app.reads_organization()));

create policy update_running on app.webhook_rejection for update to salesbrain_tenant
    using ((select app.runs_organization()))
    with check ((select app.runs_organization()));

revoke all on app.webhook_rejection from public, salesbrain_tenant, salesbrain_platform;
grant select, update on app.webhook_rejection to salesbrain_tenant;
grant select, insert, update, delete on app.webhook_rejection to salesbrain_platform;
