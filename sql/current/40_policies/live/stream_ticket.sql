alter table app.stream_ticket enable row level security;
alter table app.stream_ticket force row level security;
select app.drop_policies('app.stream_ticket');

create policy owner_all on app.stream_ticket to current_user using (true) with check (true);

create policy platform_all on app.stream_ticket to salesbrain_platform using (true) with check (true);

create policy fence on app.stream_ticket as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

create policy select_own on app.stream_ticket for select to salesbrain_tenant
    using (user_id = (select app.current_user_id()));

revoke all on app.stream_ticket from public, salesbrain_tenant, salesbrain_platform;
grant select (id, organization_id, user_id, session_id, channels, created_at, expires_at) on app.stream_ticket to salesbrain_tenant;
-- Made and used by the platform login, because a ticket is looked up before its organization is known.
grant select, insert, delete on app.stream_ticket to salesbrain_platform;
