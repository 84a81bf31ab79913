alter table app.webhook_payload enable row level security;
alter table app.webhook_payload force row level security;
select app.drop_policies('app.webhook_payload');

create policy owner_all on app.webhook_payload to current_user using (true) with check (true);

create policy platform_all on app.webhook_payload to salesbrain_platform using (true) with check (true);

create policy fence on app.webhook_payload as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

-- What people wrote to the organization is for those who may read its conversations, and who manage it.
create policy select_reader on app.webhook_payload for select to salesbrain_tenant
    using ((select app.reads_organization()) and (not is_private or (select app.is_role('owner', 'admin'))));

create policy insert_running on app.webhook_payload for insert to salesbrain_tenant
    with check ((select app.runs_organization()));

create policy delete_running on app.webhook_payload for delete to salesbrain_tenant
    using ((select app.runs_organization()));

revoke all on app.webhook_payload from public, salesbrain_tenant, salesbrain_platform;
grant select, insert, delete on app.webhook_payload to salesbrain_tenant, salesbrain_platform;
