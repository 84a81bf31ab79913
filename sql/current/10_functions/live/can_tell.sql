-- Whether events of this moment can be kept. If nobody made partitions for days, changes are not told, but they do not fail.
create or replace function app.can_tell(at timestamptz) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if to_regclass('app.' || app.live_event_partition(at)) is null then
        raise warning 'there is no partition of app.live_event for %: changes are not told to browsers', at;
        return false;
    end if;
    return true;
end
$$;

revoke all on function app.can_tell(timestamptz) from public;
