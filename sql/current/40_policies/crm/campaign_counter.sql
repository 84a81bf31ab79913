alter table app.campaign_counter enable row level security;
alter table app.campaign_counter force row level security;
select app.drop_policies('app.campaign_counter');

create policy owner_all on app.campaign_counter to current_user using (true) with check (true);

create policy platform_all on app.campaign_counter to salesbrain_platform using (true) with check (true);

create policy fence on app.campaign_counter as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_scope on app.campaign_counter for select to salesbrain_tenant
    using ((select app.reads_organization()) or exists (select from app.campaign c where c.organization_id = campaign_counter.organization_id and c.id = campaign_counter.campaign_id));

revoke all on app.campaign_counter from public, salesbrain_tenant, salesbrain_platform;
-- Written by the trigger on app.lead only.
grant select on app.campaign_counter to salesbrain_tenant, salesbrain_platform;
