-- The start of the day that contains a time, in a time zone; in UTC if the server does not know the zone.
create or replace function app.start_of_day(at timestamptz, time_zone text) returns timestamptz
language sql stable parallel safe
return date_trunc('day', at, case when app.is_time_zone(time_zone) then time_zone else 'UTC' end);
