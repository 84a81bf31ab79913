-- What a link is at a time: past its expiry it is expired for everybody at that instant, whether or not the timer has marked it.
create or replace function app.onboarding_link_status(status text, expires_at timestamptz, moment timestamptz) returns text
language sql immutable parallel safe
return case when status = 'active' and expires_at <= moment then 'expired' else status end;
