alter table app.schema_definition enable row level security;
alter table app.schema_definition force row level security;

drop policy if exists owner_all on app.schema_definition;
create policy owner_all on app.schema_definition to current_user using (true) with check (true);

-- The readiness check compares it with what the build expects.
drop policy if exists select_platform on app.schema_definition;
create policy select_platform on app.schema_definition for select to salesbrain_platform using (true);

revoke all on app.schema_definition from public, salesbrain_tenant, salesbrain_platform;
grant select on app.schema_definition to salesbrain_platform;
