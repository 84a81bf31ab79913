-- The client whose rows this transaction's tenant session may see: null unless its role is a client role, whatever else the session says.
create or replace function app.current_client_id() returns uuid
language sql stable parallel safe
return case when current_setting('app.user_role', true) in ('client_admin', 'client_staff', 'client_user')
    then nullif(current_setting('app.current_client_id', true), '')::uuid end;
