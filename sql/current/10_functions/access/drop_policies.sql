-- Drops all policies of a table before its file creates them again: a renamed or removed policy must not stay, because permissive policies
-- are combined by OR. Until they are created again, the table returns no rows.
create or replace function app.drop_policies(target regclass) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    policy name;
begin
    for policy in select p.polname from pg_policy p where p.polrelid = target loop
        execute format('drop policy %I on %s', policy, target);
    end loop;
end
$$;

revoke all on function app.drop_policies(regclass) from public;
