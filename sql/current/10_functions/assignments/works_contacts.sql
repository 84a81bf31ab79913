-- Roles that can own contacts and therefore get them automatically. Other roles only read.
create or replace function app.works_contacts(role text) returns boolean
language sql immutable parallel safe
return role in ('owner', 'admin', 'member', 'agency_admin', 'agency_staff');
