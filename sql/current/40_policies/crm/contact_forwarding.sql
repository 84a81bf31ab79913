alter table app.contact_forwarding enable row level security;
alter table app.contact_forwarding force row level security;
select app.drop_policies('app.contact_forwarding');

create policy owner_all on app.contact_forwarding to current_user using (true) with check (true);

create policy platform_all on app.contact_forwarding to salesbrain_platform using (true) with check (true);

create policy fence on app.contact_forwarding as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_scope on app.contact_forwarding for select to salesbrain_tenant
    using ((select app.reads_organization()) or exists (
        select from app.contact k where k.organization_id = contact_forwarding.organization_id and k.id = contact_forwarding.contact_id));

revoke all on app.contact_forwarding from public, salesbrain_tenant, salesbrain_platform;
-- Written by app.merge_contacts only.
grant select on app.contact_forwarding to salesbrain_tenant, salesbrain_platform;
