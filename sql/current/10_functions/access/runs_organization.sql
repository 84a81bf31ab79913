-- Roles that change everything in their organization.
create or replace function app.runs_organization() returns boolean
language sql stable parallel safe
return coalesce(current_setting('app.user_role', true) in ('owner', 'admin'), false);
