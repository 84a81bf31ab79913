alter table app.conversation_assignment enable row level security;
alter table app.conversation_assignment force row level security;
select app.drop_policies('app.conversation_assignment');

create policy owner_all on app.conversation_assignment to current_user using (true) with check (true);

create policy platform_all on app.conversation_assignment to salesbrain_platform using (true) with check (true);

create policy fence on app.conversation_assignment as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_scope on app.conversation_assignment for select to salesbrain_tenant
    using ((select app.is_role('owner', 'admin', 'agent_supervisor')) or ((select app.is_role('agent')) and user_id = (select app.current_user_id())));

create policy insert_scope on app.conversation_assignment for insert to salesbrain_tenant
    with check ((select app.is_role('owner', 'admin', 'agent_supervisor')) or ((select app.is_role('agent')) and user_id = (select app.current_user_id())));

create policy update_scope on app.conversation_assignment for update to salesbrain_tenant
    using ((select app.is_role('owner', 'admin', 'agent_supervisor')) or ((select app.is_role('agent')) and user_id = (select app.current_user_id())))
    with check ((select app.is_role('owner', 'admin', 'agent_supervisor')) or ((select app.is_role('agent')) and user_id = (select app.current_user_id())));

revoke all on app.conversation_assignment from public, salesbrain_tenant, salesbrain_platform;
grant select, insert, update on app.conversation_assignment to salesbrain_tenant;
grant select, insert, update, delete on app.conversation_assignment to salesbrain_platform;
