-- A condition on custom_fields as SQL text. `filters` is an array with an element for each field, which is an array of JSON objects: custom
-- fields match that contain one of the objects of each element. The objects are literals, so the planner knows how rare they are.
create or replace function app.custom_fields_condition(filters jsonb) returns text
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
    select string_agg('(' || f.alternatives || ')', ' and ')
    from (
        select (select string_agg(format('custom_fields @> %L::jsonb', v.value), ' or ') from jsonb_array_elements(e.value) v) as alternatives
        from jsonb_array_elements(filters) e
    ) f
$$;

revoke all on function app.custom_fields_condition(jsonb) from public;
