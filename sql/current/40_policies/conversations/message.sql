alter table app.message enable row level security;
alter table app.message force row level security;
select app.drop_policies('app.message');

create policy owner_all on app.message to current_user using (true) with check (true);

create policy platform_all on app.message to salesbrain_platform using (true) with check (true);

create policy fence on app.message as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

-- As their conversation.
create policy select_scope on app.message for select to salesbrain_tenant
    using ((select app.is_role('owner', 'admin', 'agent_supervisor'))
        or exists (select from app.conversation c where c.organization_id = message.organization_id and c.id = message.conversation_id));

revoke all on app.message from public, salesbrain_tenant, salesbrain_platform;
-- Written by definer functions and workers.
grant select on app.message to salesbrain_tenant;
grant select, insert, update, delete on app.message to salesbrain_platform;
