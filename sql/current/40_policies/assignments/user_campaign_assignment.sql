alter table app.user_campaign_assignment enable row level security;
alter table app.user_campaign_assignment force row level security;
select app.drop_policies('app.user_campaign_assignment');

create policy owner_all on app.user_campaign_assignment to current_user using (true) with check (true);

create policy platform_all on app.user_campaign_assignment to salesbrain_platform using (true) with check (true);

create policy fence on app.user_campaign_assignment as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_scope on app.user_campaign_assignment for select to salesbrain_tenant
    using ((select app.reads_organization()) or user_id = (select app.current_user_id()));

create policy insert_running on app.user_campaign_assignment for insert to salesbrain_tenant
    with check ((select app.runs_organization()));

create policy update_running on app.user_campaign_assignment for update to salesbrain_tenant
    using ((select app.runs_organization()))
    with check ((select app.runs_organization()));

create policy delete_running on app.user_campaign_assignment for delete to salesbrain_tenant
    using ((select app.runs_organization()));

revoke all on app.user_campaign_assignment from public, salesbrain_tenant, salesbrain_platform;
grant select, insert, update, delete on app.user_campaign_assignment to salesbrain_tenant, salesbrain_platform;
