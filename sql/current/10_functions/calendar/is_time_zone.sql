-- Whether this server knows a time zone of that name.
create or replace function app.is_time_zone(name text) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform now() at time zone name;
    return true;
exception
    when invalid_parameter_value then return false;
end
$$;
