alter table app.user enable row level security;
alter table app.user force row level security;
select app.drop_policies('app.user');

create policy owner_all on app.user to current_user using (true) with check (true);

create policy platform_all on app.user to salesbrain_platform using (true) with check (true);

create policy fence on app.user as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_scope on app.user for select to salesbrain_tenant
    using ((select app.reads_organization()) or id = (select app.current_user_id()) or agency_id = (select app.current_agency_id()) or client_id = (select app.current_client_id()));

create policy insert_scope on app.user for insert to salesbrain_tenant
    with check (app.may_grant((select app.user_role()), (select app.current_agency_id()), (select app.current_client_id()), role, agency_id, client_id));

create policy update_scope on app.user for update to salesbrain_tenant
    using (app.may_grant((select app.user_role()), (select app.current_agency_id()), (select app.current_client_id()), role, agency_id, client_id))
    with check (app.may_grant((select app.user_role()), (select app.current_agency_id()), (select app.current_client_id()), role, agency_id, client_id));

revoke all on app.user from public, salesbrain_tenant, salesbrain_platform;
-- Only app.find_sign_in reads a password hash.
grant select (id, organization_id, email, email_norm, first_name, last_name, role, agency_id, client_id, status, last_sign_in_at, created_at, updated_at,
    version, sort_name, search_text), insert, update
    on app.user to salesbrain_tenant, salesbrain_platform;
