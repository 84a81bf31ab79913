alter table app.sign_in_attempt enable row level security;
alter table app.sign_in_attempt force row level security;
select app.drop_policies('app.sign_in_attempt');

create policy owner_all on app.sign_in_attempt to current_user using (true) with check (true);

-- A sign-in happens before the organization is known.
create policy platform_all on app.sign_in_attempt to salesbrain_platform using (true) with check (true);

revoke all on app.sign_in_attempt from public, salesbrain_tenant, salesbrain_platform;
grant select, insert, update, delete on app.sign_in_attempt to salesbrain_platform;
