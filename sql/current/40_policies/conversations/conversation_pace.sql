alter table app.conversation_pace enable row level security;
alter table app.conversation_pace force row level security;
select app.drop_policies('app.conversation_pace');

create policy owner_all on app.conversation_pace to current_user using (true) with check (true);

create policy platform_all on app.conversation_pace to salesbrain_platform using (true) with check (true);

revoke all on app.conversation_pace from public, salesbrain_tenant, salesbrain_platform;
-- Workers only.
grant select, insert, update on app.conversation_pace to salesbrain_platform;
