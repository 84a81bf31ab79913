alter table app.schema_migration enable row level security;
alter table app.schema_migration force row level security;
select app.drop_policies('app.schema_migration');

create policy owner_all on app.schema_migration to current_user using (true) with check (true);

-- The readiness check compares it with what the build expects.
create policy select_platform on app.schema_migration for select to salesbrain_platform using (true);

revoke all on app.schema_migration from public, salesbrain_tenant, salesbrain_platform;
grant select on app.schema_migration to salesbrain_platform;
