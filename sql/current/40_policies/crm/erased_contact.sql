alter table app.erased_contact enable row level security;
alter table app.erased_contact force row level security;
select app.drop_policies('app.erased_contact');

create policy owner_all on app.erased_contact to current_user using (true) with check (true);

create policy platform_all on app.erased_contact to salesbrain_platform using (true) with check (true);

revoke all on app.erased_contact from public, salesbrain_tenant, salesbrain_platform;
-- Closed to tenants. Written by app.erase_contact only. Processors compare the addresses of events; tenants call
-- app.suppress_returning_person.
grant select on app.erased_contact to salesbrain_platform;
