-- Clears a table of policies before its file creates them anew: a policy that was renamed or removed there must not stay in force,
-- for permissive policies add up. Until they are back nobody gets a row.
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
