alter table app.organization enable row level security;
alter table app.organization force row level security;
select app.drop_policies('app.organization');

create policy owner_all on app.organization to current_user using (true) with check (true);

create policy platform_all on app.organization to salesbrain_platform using (true) with check (true);

create policy fence on app.organization as restrictive to salesbrain_tenant
    using (id = (select app.current_org_id()))
    with check (id = (select app.current_org_id()));

create policy select_own on app.organization for select to salesbrain_tenant
    using (true);

create policy update_running on app.organization for update to salesbrain_tenant
    using ((select app.runs_organization()))
    with check ((select app.runs_organization()));

revoke all on app.organization from public, salesbrain_tenant, salesbrain_platform;
-- Only the platform changes status and slug.
grant select, update (name, timezone, settings, updated_at) on app.organization to salesbrain_tenant;
grant select, insert, update, delete on app.organization to salesbrain_platform;
