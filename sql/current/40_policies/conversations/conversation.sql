alter table app.conversation enable row level security;
alter table app.conversation force row level security;
select app.drop_policies('app.conversation');

create policy owner_all on app.conversation to current_user using (true) with check (true);

create policy platform_all on app.conversation to salesbrain_platform using (true) with check (true);

create policy fence on app.conversation as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

-- Agents have their own conversations and those that nobody has.
create policy select_scope on app.conversation for select to salesbrain_tenant
    using ((select app.is_role('owner', 'admin', 'agent_supervisor'))
        or ((select app.is_role('agent')) and (assigned_to is null or assigned_to = (select app.current_user_id()))));

create policy update_scope on app.conversation for update to salesbrain_tenant
    using ((select app.is_role('owner', 'admin', 'agent_supervisor'))
        or ((select app.is_role('agent')) and (assigned_to is null or assigned_to = (select app.current_user_id()))))
    with check ((select app.is_role('owner', 'admin', 'agent_supervisor'))
        or ((select app.is_role('agent')) and (assigned_to is null or assigned_to = (select app.current_user_id()))));

revoke all on app.conversation from public, salesbrain_tenant, salesbrain_platform;
-- Made by app.ensure_conversations.
grant select, update on app.conversation to salesbrain_tenant;
grant select, insert, update, delete on app.conversation to salesbrain_platform;
