alter table app.agent_presence enable row level security;
alter table app.agent_presence force row level security;
select app.drop_policies('app.agent_presence');

create policy owner_all on app.agent_presence to current_user using (true) with check (true);

create policy platform_all on app.agent_presence to salesbrain_platform using (true) with check (true);

create policy fence on app.agent_presence as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_scope on app.agent_presence for select to salesbrain_tenant
    using ((select app.is_role('owner', 'admin', 'agent_supervisor')));

revoke all on app.agent_presence from public, salesbrain_tenant, salesbrain_platform;
grant select on app.agent_presence to salesbrain_tenant;
-- Kept by requests and streams of all organizations.
grant select, insert, update, delete on app.agent_presence to salesbrain_platform;
