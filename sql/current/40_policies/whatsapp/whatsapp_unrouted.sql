alter table app.whatsapp_unrouted enable row level security;
alter table app.whatsapp_unrouted force row level security;
select app.drop_policies('app.whatsapp_unrouted');

create policy owner_all on app.whatsapp_unrouted to current_user using (true) with check (true);

create policy platform_all on app.whatsapp_unrouted to salesbrain_platform using (true) with check (true);

revoke all on app.whatsapp_unrouted from public, salesbrain_tenant, salesbrain_platform;
-- Of no organization.
grant select, insert, delete on app.whatsapp_unrouted to salesbrain_platform;
