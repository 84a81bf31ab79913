alter table app.webhook_delivery enable row level security;
alter table app.webhook_delivery force row level security;
select app.drop_policies('app.webhook_delivery');

create policy owner_all on app.webhook_delivery to current_user using (true) with check (true);

create policy platform_all on app.webhook_delivery to salesbrain_platform using (true) with check (true);

create policy fence on app.webhook_delivery as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_reader on app.webhook_delivery for select to salesbrain_tenant
    using ((select app.reads_organization()));

create policy delete_running on app.webhook_delivery for delete to salesbrain_tenant
    using ((select app.runs_organization()));

revoke all on app.webhook_delivery from public, salesbrain_tenant, salesbrain_platform;
grant select, delete on app.webhook_delivery to salesbrain_tenant;
grant select, insert, delete on app.webhook_delivery to salesbrain_platform;
