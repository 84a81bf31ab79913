alter table app.webhook_receipt enable row level security;
alter table app.webhook_receipt force row level security;
select app.drop_policies('app.webhook_receipt');

create policy owner_all on app.webhook_receipt to current_user using (true) with check (true);

create policy platform_all on app.webhook_receipt to salesbrain_platform using (true) with check (true);

create policy fence on app.webhook_receipt as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_running on app.webhook_receipt for select to salesbrain_tenant
    using ((select app.runs_organization()));

revoke all on app.webhook_receipt from public, salesbrain_tenant, salesbrain_platform;
grant select on app.webhook_receipt to salesbrain_tenant;
grant select, insert, update, delete on app.webhook_receipt to salesbrain_platform;
