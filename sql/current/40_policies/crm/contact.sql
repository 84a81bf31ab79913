alter table app.contact enable row level security;
alter table app.contact force row level security;
select app.drop_policies('app.contact');

create policy owner_all on app.contact to current_user using (true) with check (true);

create policy platform_all on app.contact to salesbrain_platform using (true) with check (true);

create policy fence on app.contact as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_scope on app.contact for select to salesbrain_tenant
    using ((select app.reads_organization()) or exists (select from app.lead l where l.organization_id = contact.organization_id and l.contact_id = contact.id and l.deleted_at is null)
        -- Agents: the people of the conversations that they see.
        or ((select app.is_role('agent', 'agent_supervisor')) and exists (select from app.conversation c where c.organization_id = contact.organization_id and c.contact_id = contact.id)));

create policy insert_scope on app.contact for insert to salesbrain_tenant
    with check ((select app.runs_organization()) or (select app.is_role('agency_admin', 'agency_staff', 'client_admin', 'client_staff')));

create policy update_scope on app.contact for update to salesbrain_tenant
    using ((select app.runs_organization()) or ((select app.is_role('agency_admin', 'client_admin', 'client_staff')) and exists (select from app.lead l where l.organization_id = contact.organization_id and l.contact_id = contact.id and l.deleted_at is null)))
    with check ((select app.runs_organization()) or ((select app.is_role('agency_admin', 'client_admin', 'client_staff')) and exists (select from app.lead l where l.organization_id = contact.organization_id and l.contact_id = contact.id and l.deleted_at is null)));

create policy delete_running on app.contact for delete to salesbrain_tenant
    using ((select app.runs_organization()));

revoke all on app.contact from public, salesbrain_tenant, salesbrain_platform;
grant select, insert, update, delete on app.contact to salesbrain_tenant, salesbrain_platform;
