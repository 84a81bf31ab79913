-- The lockout time after the last of a number of failures: none up to five failures, then 1, 2, 4, 8 and at most 15 minutes.
create or replace function app.sign_in_delay(failures integer) returns interval
language sql immutable parallel safe
return case when failures <= 5 then interval '0' else make_interval(mins => least(2 ^ least(failures - 6, 4), 15)::integer) end;
