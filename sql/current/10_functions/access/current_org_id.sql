-- The organization of this transaction's tenant session; null without one (after a commit the setting reads '', not null).
create or replace function app.current_org_id() returns uuid
language sql stable parallel safe
return nullif(current_setting('app.current_org_id', true), '')::uuid;
