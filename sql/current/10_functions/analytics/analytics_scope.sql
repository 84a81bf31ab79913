-- Whose answers of analytics this transaction's tenant session may read: those that were computed for the same rows.
create or replace function app.analytics_scope() returns text
language sql stable parallel safe
return case
    when app.reads_organization() then 'organization'
    when app.current_agency_id() is not null then 'agency/' || app.current_agency_id()
    when app.current_client_id() is not null then 'client/' || app.current_client_id() end;
