-- The agency whose rows this transaction's tenant session may see: null unless its role is an agency role, whatever else the session says.
create or replace function app.current_agency_id() returns uuid
language sql stable parallel safe
return case when current_setting('app.user_role', true) in ('agency_admin', 'agency_staff')
    then nullif(current_setting('app.current_agency_id', true), '')::uuid end;
