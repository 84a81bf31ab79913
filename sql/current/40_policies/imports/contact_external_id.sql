alter table app.contact_external_id enable row level security;
alter table app.contact_external_id force row level security;
select app.drop_policies('app.contact_external_id');

create policy owner_all on app.contact_external_id to current_user using (true) with check (true);

create policy platform_all on app.contact_external_id to salesbrain_platform using (true) with check (true);

revoke all on app.contact_external_id from public, salesbrain_tenant, salesbrain_platform;
-- Workers only.
grant select, insert, update, delete on app.contact_external_id to salesbrain_platform;
