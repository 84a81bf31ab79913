create or replace function app.current_user_id() returns uuid
language sql stable parallel safe
return nullif(current_setting('app.current_user_id', true), '')::uuid;
