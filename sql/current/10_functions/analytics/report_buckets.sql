-- The buckets of a report: calendar days, weeks (from Monday) or months that touch the local times, without gaps. A bucket is partial if
-- the period does not contain all of it.
create or replace function app.report_buckets(bucket_width text, local_from timestamp, local_to timestamp)
returns table (starts_on date, is_partial boolean)
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select b::date, b < local_from or b + ('1 ' || bucket_width)::interval > local_to
    from generate_series(date_trunc(bucket_width, local_from), local_to - interval '1 microsecond', ('1 ' || bucket_width)::interval) b
    where local_to > local_from
    order by b
$$;
