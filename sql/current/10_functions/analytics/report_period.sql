-- A report's period in a time zone, and the period of the same number of local days directly before it. Local times are wall-clock times of
-- the zone; instants are half-open. A null bound or number of days is not given: days count back from today, and today is included.
create or replace function app.report_period(
    zone text, now timestamptz, days integer, from_date date, from_at timestamptz, to_date date, to_at timestamptz,
    out local_from timestamp, out local_to timestamp, out starts_at timestamptz, out ends_at timestamptz,
    out previous_local_from timestamp, out previous_starts_at timestamptz)
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    today date := (now at time zone zone)::date;
    local_days integer;
begin
    local_from := coalesce(from_date::timestamp, from_at at time zone zone, (today - (days - 1))::timestamp);
    local_to := greatest(local_from, coalesce((to_date + 1)::timestamp, to_at at time zone zone, (today + 1)::timestamp));
    -- An hour that comes twice is told apart by the instant only.
    starts_at := coalesce(from_at, local_from at time zone zone);
    ends_at := greatest(starts_at, coalesce(to_at, local_to at time zone zone));
    local_days := greatest(1, (local_to - interval '1 microsecond')::date - local_from::date + 1);
    previous_local_from := local_from - make_interval(days => local_days);
    previous_starts_at := previous_local_from at time zone zone;
end
$$;
