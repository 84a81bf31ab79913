alter table app.message_key enable row level security;
alter table app.message_key force row level security;
select app.drop_policies('app.message_key');

create policy owner_all on app.message_key to current_user using (true) with check (true);

create policy platform_all on app.message_key to salesbrain_platform using (true) with check (true);

revoke all on app.message_key from public, salesbrain_tenant, salesbrain_platform;
-- Definer functions and workers only.
grant select, insert, update, delete on app.message_key to salesbrain_platform;
