alter table app.import_job_row enable row level security;
alter table app.import_job_row force row level security;
select app.drop_policies('app.import_job_row');

create policy owner_all on app.import_job_row to current_user using (true) with check (true);

create policy platform_all on app.import_job_row to salesbrain_platform using (true) with check (true);

revoke all on app.import_job_row from public, salesbrain_tenant, salesbrain_platform;
-- Workers only. It holds values of contacts that a tenant's session might not see.
grant select, insert, update, delete on app.import_job_row to salesbrain_platform;
