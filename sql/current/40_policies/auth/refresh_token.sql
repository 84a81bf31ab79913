alter table app.refresh_token enable row level security;
alter table app.refresh_token force row level security;
select app.drop_policies('app.refresh_token');

create policy owner_all on app.refresh_token to current_user using (true) with check (true);

create policy platform_all on app.refresh_token to salesbrain_platform using (true) with check (true);

create policy fence on app.refresh_token as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_own on app.refresh_token for select to salesbrain_tenant
    using (user_id = (select app.current_user_id()));

revoke all on app.refresh_token from public, salesbrain_tenant, salesbrain_platform;
-- Only app.open_refresh_token reads a token's hash.
grant select (id, organization_id, user_id, family_id, parent_id, device, created_at, expires_at, rotated_at, revoked_at)
    on app.refresh_token to salesbrain_tenant, salesbrain_platform;
grant insert, update, delete on app.refresh_token to salesbrain_platform;
