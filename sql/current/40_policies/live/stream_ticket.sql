alter table app.stream_ticket enable row level security;
alter table app.stream_ticket force row level security;
select app.drop_policies('app.stream_ticket');

create policy owner_all on app.stream_ticket to current_user using (true) with check (true);

create policy platform_all on app.stream_ticket to salesbrain_platform using (true) with check (true);

create policy fence on app.stream_ticket as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

revoke all on app.stream_ticket from public, salesbrain_tenant, salesbrain_platform;
-- Made and used by the platform login, because a ticket is looked up before its organization is known.
grant select, insert, delete on app.stream_ticket to salesbrain_platform;
