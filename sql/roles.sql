-- The two logins of the application. Run before every migration; harmless when they exist.
-- They are created without a password: a deployment gives them one, or maps them to managed identities.
do $$
begin
    if not exists (select from pg_catalog.pg_roles where rolname = 'salesbrain_tenant') then
        create role salesbrain_tenant login nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
    end if;
    if not exists (select from pg_catalog.pg_roles where rolname = 'salesbrain_platform') then
        create role salesbrain_platform login nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
    end if;
exception
    -- Two databases of one cluster migrated at the same moment.
    when duplicate_object or unique_violation then null;
end
$$;

-- Logins that somebody else made are taken as they are, but not if row-level security wouldn't hold them.
do $$
declare
    login text;
begin
    for login in
        select r.rolname from pg_catalog.pg_roles r
        where r.rolname in ('salesbrain_tenant', 'salesbrain_platform')
            and (r.rolsuper or r.rolbypassrls or r.rolcreaterole or pg_catalog.pg_has_role(r.oid, current_user, 'member'))
    loop
        raise exception 'login % must not be superuser, bypass row-level security, create roles, or be a member of the role that migrates', login;
    end loop;
end
$$;

-- Nobody but the owner makes temporary tables. Here and not in a migration: "create database … template" and restores of a single database do
-- not copy the privileges of the database. Without effect when the role that migrates does not own the database.
do $$
declare
    database record;
begin
    select d.datname, d.datdba, exists (
        select from pg_catalog.aclexplode(coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))) a
        where a.grantee = 0 and a.privilege_type = 'TEMPORARY') as is_open
    into database
    from pg_catalog.pg_database d where d.datname = current_database();
    if database.is_open and pg_catalog.pg_has_role(database.datdba, 'usage') then
        execute format('revoke temporary on database %I from public', database.datname);
    end if;
end
$$;
