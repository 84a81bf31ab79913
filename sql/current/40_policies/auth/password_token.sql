alter table app.password_token enable row level security;
alter table app.password_token force row level security;
select app.drop_policies('app.password_token');

create policy owner_all on app.password_token to current_user using (true) with check (true);

create policy platform_all on app.password_token to salesbrain_platform using (true) with check (true);

create policy fence on app.password_token as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

-- A caller who sets a user's password can sign in as that user, so only callers who can change the user can do it, as in app.user's policy
-- update_scope and RoleRules.MayGrant.
create policy manage_scope on app.password_token to salesbrain_tenant
    using ((select app.is_role('owner')) or exists (
        select from app.user u
        where u.id = user_id and (((select app.is_role('admin')) and u.role <> 'owner')
            or (u.role = 'agency_staff' and u.agency_id = (select app.current_agency_id()) and (select app.is_role('agency_admin')))
            or (u.client_id = (select app.current_client_id()) and (select app.is_role('client_admin'))))))
    with check ((select app.is_role('owner')) or exists (
        select from app.user u
        where u.id = user_id and (((select app.is_role('admin')) and u.role <> 'owner')
            or (u.role = 'agency_staff' and u.agency_id = (select app.current_agency_id()) and (select app.is_role('agency_admin')))
            or (u.client_id = (select app.current_client_id()) and (select app.is_role('client_admin'))))));

revoke all on app.password_token from public, salesbrain_tenant, salesbrain_platform;
-- Only app.open_password_token reads a token's hash.
grant select (id, organization_id, user_id, purpose, created_at, expires_at, used_at), insert, delete on app.password_token to salesbrain_tenant, salesbrain_platform;
grant update on app.password_token to salesbrain_platform;
