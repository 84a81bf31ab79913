-- The status of a link at a time. Past its expiry a link is expired, whether or not the timer has marked it.
create or replace function app.onboarding_link_status(status text, expires_at timestamptz, moment timestamptz) returns text
language sql immutable parallel safe
return case when status = 'active' and expires_at <= moment then 'expired' else status end;
