-- Whether triggers send NOTIFY as well, for programs that listen with SQL: alter database … set app.notify = on. Off by default, because
-- commits that notify wait for each other.
create or replace function app.notifies() returns boolean
language sql stable parallel safe
return coalesce(current_setting('app.notify', true) = 'on', false);
