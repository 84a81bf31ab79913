-- What only a superuser can take away, in each database: large objects, which every login can make by default, and which belong to no
-- organization. Harmless to repeat. The local host runs it; run it once on a server of your own. Managed PostgreSQL has no superuser: see
-- docs/security.md.
do $$
declare
    large_object regprocedure;
begin
    for large_object in
        select p.oid::regprocedure from pg_catalog.pg_proc p
        where p.pronamespace = 'pg_catalog'::regnamespace and p.proname ~ '^(lo_.*|loread|lowrite)$'
            and exists (
                select from pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) a where a.grantee = 0)
    loop
        execute format('revoke execute on function %s from public', large_object);
    end loop;
end
$$;
