alter table app.webhook_endpoint enable row level security;
alter table app.webhook_endpoint force row level security;
select app.drop_policies('app.webhook_endpoint');

create policy owner_all on app.webhook_endpoint to current_user using (true) with check (true);

create policy platform_all on app.webhook_endpoint to salesbrain_platform using (true) with check (true);

create policy fence on app.webhook_endpoint as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_running on app.webhook_endpoint for select to salesbrain_tenant
    using ((select app.runs_organization()));

create policy insert_running on app.webhook_endpoint for insert to salesbrain_tenant
    with check ((select app.runs_organization()));

create policy update_running on app.webhook_endpoint for update to salesbrain_tenant
    using ((select app.runs_organization()))
    with check ((select app.runs_organization()));

revoke all on app.webhook_endpoint from public, salesbrain_tenant, salesbrain_platform;
grant select, insert, update on app.webhook_endpoint to salesbrain_tenant, salesbrain_platform;
