alter table app.activity enable row level security;
alter table app.activity force row level security;
select app.drop_policies('app.activity');

create policy owner_all on app.activity to current_user using (true) with check (true);

create policy platform_all on app.activity to salesbrain_platform using (true) with check (true);

create policy fence on app.activity as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_scope on app.activity for select to salesbrain_tenant
    using ((select app.reads_organization()) or exists (select from app.lead l where l.organization_id = activity.organization_id and l.id = activity.lead_id));

create policy delete_running on app.activity for delete to salesbrain_tenant
    using ((select app.runs_organization()));

revoke all on app.activity from public, salesbrain_tenant, salesbrain_platform;
grant select, delete on app.activity to salesbrain_tenant;
grant select, insert, update, delete on app.activity to salesbrain_platform;
