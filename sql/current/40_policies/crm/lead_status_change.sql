alter table app.lead_status_change enable row level security;
alter table app.lead_status_change force row level security;
select app.drop_policies('app.lead_status_change');

create policy owner_all on app.lead_status_change to current_user using (true) with check (true);

create policy platform_all on app.lead_status_change to salesbrain_platform using (true) with check (true);

create policy fence on app.lead_status_change as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_scope on app.lead_status_change for select to salesbrain_tenant
    using ((select app.reads_organization()) or exists (
        select from app.lead l where l.organization_id = lead_status_change.organization_id and l.id = lead_status_change.lead_id));

revoke all on app.lead_status_change from public, salesbrain_tenant, salesbrain_platform;
-- Written only by a trigger of app.lead.
grant select on app.lead_status_change to salesbrain_tenant, salesbrain_platform;
