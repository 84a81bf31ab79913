alter table app.address_hash_key enable row level security;
alter table app.address_hash_key force row level security;
select app.drop_policies('app.address_hash_key');

create policy owner_all on app.address_hash_key to current_user using (true) with check (true);

-- Keys belong to no organization: tenants have no access. The app computes their hashes.
create policy platform_all on app.address_hash_key to salesbrain_platform using (true) with check (true);

revoke all on app.address_hash_key from public, salesbrain_tenant, salesbrain_platform;
-- Made once, sealed again when the data key is replaced, and never deleted: its hashes cannot be made anew.
grant select, insert on app.address_hash_key to salesbrain_platform;
grant update (key_sealed) on app.address_hash_key to salesbrain_platform;
