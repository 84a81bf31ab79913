alter table app.genesys_sign_in enable row level security;
alter table app.genesys_sign_in force row level security;
select app.drop_policies('app.genesys_sign_in');

create policy owner_all on app.genesys_sign_in to current_user using (true) with check (true);

-- A sign-in comes back before the organization is known.
create policy platform_all on app.genesys_sign_in to salesbrain_platform using (true) with check (true);

revoke all on app.genesys_sign_in from public, salesbrain_tenant, salesbrain_platform;
grant select, insert, update, delete on app.genesys_sign_in to salesbrain_platform;
