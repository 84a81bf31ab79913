alter table app.audit_log enable row level security;
alter table app.audit_log force row level security;
select app.drop_policies('app.audit_log');

create policy owner_all on app.audit_log to current_user using (true) with check (true);

create policy platform_all on app.audit_log to salesbrain_platform using (true) with check (true);

create policy fence on app.audit_log as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_running on app.audit_log for select to salesbrain_tenant
    using ((select app.runs_organization()));

create policy insert_own on app.audit_log for insert to salesbrain_tenant
    with check (actor_id = (select app.current_user_id()));

revoke all on app.audit_log from public, salesbrain_tenant, salesbrain_platform;
-- Append-only for both logins.
grant select, insert on app.audit_log to salesbrain_tenant, salesbrain_platform;
