-- The two logins of the application. Run before every migration; harmless when they exist.
-- They are created without a password: a deployment gives them one, or maps them to managed identities.
do $$
begin
    if not exists (select from pg_catalog.pg_roles where rolname = 'salesbrain_tenant') then
        create role salesbrain_tenant login nosuperuser nocreatedb nocreaterole noreplication;
    end if;
    if not exists (select from pg_catalog.pg_roles where rolname = 'salesbrain_platform') then
        create role salesbrain_platform login nosuperuser nocreatedb nocreaterole noreplication;
    end if;
exception
    -- Two databases of one cluster migrated at the same moment.
    when duplicate_object or unique_violation then null;
end
$$;
