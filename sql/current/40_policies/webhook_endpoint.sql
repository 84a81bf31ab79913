alter table app.webhook_endpoint enable row level security;
alter table app.webhook_endpoint force row level security;

drop policy if exists owner_all on app.webhook_endpoint;
create policy owner_all on app.webhook_endpoint to current_user using (true) with check (true);

drop policy if exists platform_all on app.webhook_endpoint;
create policy platform_all on app.webhook_endpoint to salesbrain_platform using (true) with check (true);

drop policy if exists fence on app.webhook_endpoint;
create policy fence on app.webhook_endpoint as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

drop policy if exists select_running on app.webhook_endpoint;
create policy select_running on app.webhook_endpoint for select to salesbrain_tenant
    using ((select app.runs_organization()));

drop policy if exists insert_running on app.webhook_endpoint;
create policy insert_running on app.webhook_endpoint for insert to salesbrain_tenant
    with check ((select app.runs_organization()));

drop policy if exists update_running on app.webhook_endpoint;
create policy update_running on app.webhook_endpoint for update to salesbrain_tenant
    using ((select app.runs_organization()))
    with check ((select app.runs_organization()));

revoke all on app.webhook_endpoint from public, salesbrain_tenant, salesbrain_platform;
grant select, insert, update on app.webhook_endpoint to salesbrain_tenant, salesbrain_platform;
