create or replace function app.current_client_id() returns uuid
language sql stable parallel safe
return nullif(current_setting('app.current_client_id', true), '')::uuid;
