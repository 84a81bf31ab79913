-- Deletes cached answers that are older than a number of days, and returns how many. They are computed again when they are asked for.
create or replace function app.archive_old_analytics_cache(days integer) returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    deleted bigint;
begin
    if days is null or days < 0 then
        raise invalid_parameter_value using message = 'the number of days must be 0 or more';
    end if;
    delete from app.analytics_cache c where c.computed_at < now() - make_interval(days => days);
    get diagnostics deleted = row_count;
    return deleted;
end
$$;

revoke all on function app.archive_old_analytics_cache(integer) from public;
grant execute on function app.archive_old_analytics_cache(integer) to salesbrain_platform;
