-- Roles that read everything in their organization.
create or replace function app.reads_organization() returns boolean
language sql stable parallel safe
return coalesce(current_setting('app.user_role', true) in ('owner', 'admin', 'member', 'read_only'), false);
