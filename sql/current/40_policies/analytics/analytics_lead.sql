alter table app.analytics_lead enable row level security;
alter table app.analytics_lead force row level security;
select app.drop_policies('app.analytics_lead');

create policy owner_all on app.analytics_lead to current_user using (true) with check (true);

create policy platform_all on app.analytics_lead to salesbrain_platform using (true) with check (true);

create policy fence on app.analytics_lead as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_scope on app.analytics_lead for select to salesbrain_tenant
    using ((select app.reads_organization()) or agency_id = (select app.current_agency_id()) or client_id = (select app.current_client_id()));

revoke all on app.analytics_lead from public, salesbrain_tenant, salesbrain_platform;
-- Written by app.fold_analytics only.
grant select on app.analytics_lead to salesbrain_tenant, salesbrain_platform;
