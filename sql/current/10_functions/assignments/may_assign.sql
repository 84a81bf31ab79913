-- Whether this session can assign contacts of an organization: whoever can change everything of it. For definer functions, to which
-- row-level security does not apply.
create or replace function app.may_assign(organization uuid) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return app.may_run(organization);
end
$$;
