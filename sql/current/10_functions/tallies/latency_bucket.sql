-- The class of a histogram that a duration falls into: 0 for 0 ms; from 1 ms on each class ends 10 % above its start.
-- LatencyHistogram turns classes back into milliseconds.
create or replace function app.latency_bucket(milliseconds integer) returns smallint
language sql immutable parallel safe
return case
    when milliseconds > 0 then 1 + floor(ln(milliseconds::double precision) / ln(1.1::double precision))
    when milliseconds <= 0 then 0
end::smallint;
