create or replace function app.current_agency_id() returns uuid
language sql stable parallel safe
return nullif(current_setting('app.current_agency_id', true), '')::uuid;
