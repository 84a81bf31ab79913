alter table app.webhook_rejection_count enable row level security;
alter table app.webhook_rejection_count force row level security;
select app.drop_policies('app.webhook_rejection_count');

create policy owner_all on app.webhook_rejection_count to current_user using (true) with check (true);

create policy platform_all on app.webhook_rejection_count to salesbrain_platform using (true) with check (true);

create policy fence on app.webhook_rejection_count as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_running on app.webhook_rejection_count for select to salesbrain_tenant
    using ((select app.runs_organization()));

revoke all on app.webhook_rejection_count from public, salesbrain_tenant, salesbrain_platform;
grant select on app.webhook_rejection_count to salesbrain_tenant;
grant select, insert, update, delete on app.webhook_rejection_count to salesbrain_platform;
