alter table app.whatsapp_pace enable row level security;
alter table app.whatsapp_pace force row level security;
select app.drop_policies('app.whatsapp_pace');

create policy owner_all on app.whatsapp_pace to current_user using (true) with check (true);

create policy platform_all on app.whatsapp_pace to salesbrain_platform using (true) with check (true);

revoke all on app.whatsapp_pace from public, salesbrain_tenant, salesbrain_platform;
-- Workers only.
grant select, insert, update on app.whatsapp_pace to salesbrain_platform;
