alter table app.password_token enable row level security;
alter table app.password_token force row level security;
select app.drop_policies('app.password_token');

create policy owner_all on app.password_token to current_user using (true) with check (true);

create policy platform_all on app.password_token to salesbrain_platform using (true) with check (true);

create policy fence on app.password_token as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

-- Giving a user a password gives access to the account, so the caller must be one who may change that user. Without WITH CHECK, USING
-- applies to new rows too.
create policy manage_scope on app.password_token to salesbrain_tenant
    using (exists (
        select from app.user u
        where u.id = user_id and app.may_grant(
            (select app.user_role()), (select app.current_agency_id()), (select app.current_client_id()), u.role, u.agency_id,
            u.client_id)));

revoke all on app.password_token from public, salesbrain_tenant, salesbrain_platform;
-- Only app.open_password_token reads a token's hash.
grant select (id, organization_id, user_id, purpose, created_at, expires_at, used_at), insert, delete on app.password_token to salesbrain_tenant, salesbrain_platform;
grant update on app.password_token to salesbrain_platform;
