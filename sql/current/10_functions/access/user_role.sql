create or replace function app.user_role() returns text
language sql stable parallel safe
return nullif(current_setting('app.user_role', true), '');
