alter table app.whatsapp_account enable row level security;
alter table app.whatsapp_account force row level security;
select app.drop_policies('app.whatsapp_account');

create policy owner_all on app.whatsapp_account to current_user using (true) with check (true);

create policy platform_all on app.whatsapp_account to salesbrain_platform using (true) with check (true);

create policy fence on app.whatsapp_account as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

-- Agents see whether they can write, and over which number.
create policy select_portal on app.whatsapp_account for select to salesbrain_tenant
    using ((select app.is_role('owner', 'admin', 'agent', 'agent_supervisor')));

create policy insert_running on app.whatsapp_account for insert to salesbrain_tenant
    with check ((select app.runs_organization()));

create policy update_running on app.whatsapp_account for update to salesbrain_tenant
    using ((select app.runs_organization()))
    with check ((select app.runs_organization()));

revoke all on app.whatsapp_account from public, salesbrain_tenant, salesbrain_platform;
grant select, insert, update on app.whatsapp_account to salesbrain_tenant, salesbrain_platform;
