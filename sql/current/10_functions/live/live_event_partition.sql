-- The name of the partition of app.live_event for a time.
create or replace function app.live_event_partition(at timestamptz) returns text
language sql stable parallel safe
return 'live_event_' || to_char(at at time zone 'UTC', 'YYYY_MM_DD');
