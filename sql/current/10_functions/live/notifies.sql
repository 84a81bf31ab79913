-- Whether triggers send NOTIFY as well, for programs that listen with SQL: alter database … set app.notify = on. Off by default, because
-- commits that notify wait for each other. PostgreSQL does not check a setting that no extension declares, so the usual spellings of a
-- boolean count, and a change never fails because of another one.
create or replace function app.notifies() returns boolean
language sql stable parallel safe
return coalesce(lower(current_setting('app.notify', true)) in ('on', 'true', 'yes', '1'), false);
