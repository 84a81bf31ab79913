-- Roles that can work contacts, and so get them automatically: the others only read.
create or replace function app.works_contacts(role text) returns boolean
language sql immutable parallel safe
return role in ('owner', 'admin', 'member', 'agency_admin', 'agency_staff');
