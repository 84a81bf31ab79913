alter table app.erased_contact enable row level security;
alter table app.erased_contact force row level security;
select app.drop_policies('app.erased_contact');

create policy owner_all on app.erased_contact to current_user using (true) with check (true);

create policy platform_all on app.erased_contact to salesbrain_platform using (true) with check (true);

create policy fence on app.erased_contact as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

revoke all on app.erased_contact from public, salesbrain_tenant, salesbrain_platform;
-- Written by app.erase_contact only. Processors compare the addresses of events; tenants call app.suppress_returning_person.
grant select on app.erased_contact to salesbrain_platform;
