alter table app.email_change enable row level security;
alter table app.email_change force row level security;
select app.drop_policies('app.email_change');

create policy owner_all on app.email_change to current_user using (true) with check (true);

create policy platform_all on app.email_change to salesbrain_platform using (true) with check (true);

create policy fence on app.email_change as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_own on app.email_change for select to salesbrain_tenant
    using (user_id = (select app.current_user_id()));

-- Changing a user's address gives access to the account, so the caller must be one who may change that user. Without WITH CHECK, USING
-- applies to new rows too.
create policy manage_scope on app.email_change to salesbrain_tenant
    using (exists (
        select from app.user u
        where u.id = user_id and app.may_grant(
            (select app.user_role()), (select app.current_agency_id()), (select app.current_client_id()), u.role, u.agency_id,
            u.client_id)));

revoke all on app.email_change from public, salesbrain_tenant, salesbrain_platform;
-- Only app.open_email_change reads a token's hash.
grant select (id, organization_id, user_id, email, email_norm, requested_by, created_at, expires_at), insert, delete
    on app.email_change to salesbrain_tenant, salesbrain_platform;
grant update on app.email_change to salesbrain_platform;
