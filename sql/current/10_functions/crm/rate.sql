-- A part of a whole, from 0 to 1 with four decimals; null if the whole is 0.
create or replace function app.rate(part bigint, whole bigint) returns numeric
language sql immutable parallel safe
return round(part::numeric / nullif(whole, 0), 4);
