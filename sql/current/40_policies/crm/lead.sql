alter table app.lead enable row level security;
alter table app.lead force row level security;
select app.drop_policies('app.lead');

create policy owner_all on app.lead to current_user using (true) with check (true);

create policy platform_all on app.lead to salesbrain_platform using (true) with check (true);

create policy fence on app.lead as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

-- Later events of a campaign and contact go to their lead: a lead inserted into a campaign outside the caller's scope would reveal its
-- events.
create policy insert_campaign on app.lead as restrictive for insert to salesbrain_tenant
    with check (campaign_id is null or (select app.reads_organization())
        or exists (select from app.campaign c where c.organization_id = lead.organization_id and c.id = lead.campaign_id));

create policy update_campaign on app.lead as restrictive for update to salesbrain_tenant
    using (campaign_id is null or (select app.reads_organization())
        or exists (select from app.campaign c where c.organization_id = lead.organization_id and c.id = lead.campaign_id))
    with check (campaign_id is null or (select app.reads_organization())
        or exists (select from app.campaign c where c.organization_id = lead.organization_id and c.id = lead.campaign_id));

create policy select_scope on app.lead for select to salesbrain_tenant
    using ((select app.reads_organization()) or agency_id = (select app.current_agency_id()) or client_id = (select app.current_client_id()));

create policy insert_scope on app.lead for insert to salesbrain_tenant
    with check ((select app.runs_organization()) or (agency_id = (select app.current_agency_id()) and (select app.is_role('agency_admin', 'agency_staff'))) or (client_id = (select app.current_client_id()) and (select app.is_role('client_admin', 'client_staff'))));

-- Members and agency staff change only leads that are assigned to them or created by them. The check does not ask for that: they may hand a
-- lead over to somebody else, within their own scope.
create policy update_scope on app.lead for update to salesbrain_tenant
    using ((select app.runs_organization()) or (agency_id = (select app.current_agency_id()) and (select app.is_role('agency_admin'))) or (client_id = (select app.current_client_id()) and (select app.is_role('client_admin', 'client_staff')))
        or ((assigned_to = (select app.current_user_id()) or created_by = (select app.current_user_id())) and ((select app.is_role('member')) or (agency_id = (select app.current_agency_id()) and (select app.is_role('agency_staff'))))))
    with check ((select app.runs_organization()) or (agency_id = (select app.current_agency_id()) and (select app.is_role('agency_admin', 'agency_staff'))) or (client_id = (select app.current_client_id()) and (select app.is_role('client_admin', 'client_staff')))
        or (select app.is_role('member')));

create policy delete_running on app.lead for delete to salesbrain_tenant
    using ((select app.runs_organization()));

revoke all on app.lead from public, salesbrain_tenant, salesbrain_platform;
grant select, insert, update, delete on app.lead to salesbrain_tenant, salesbrain_platform;
