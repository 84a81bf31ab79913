-- Whether a user may give, change or take away a role in an agency or client, as RoleRules.MayGrant says; a test compares the two. Only an
-- owner makes or changes an owner; an agency's administrator manages its staff, a client's administrator everybody of the client.
-- Does not ask for the organization: the fence of each table keeps a session in its own. Platform roles grant nothing here: platform
-- operators have a login of their own. What the constraints of app.user exclude, such as a client_user without a client, is not asked for.
-- Policies pass sub-selects for the granter, and the planner inlines the function only if it uses each of those once.
create or replace function app.may_grant(
    granter_role text, granter_agency_id uuid, granter_client_id uuid, role text, agency_id uuid, client_id uuid) returns boolean
language sql immutable parallel safe
return case granter_role
    when 'owner' then true
    when 'admin' then role <> 'owner'
    when 'agency_admin' then role = 'agency_staff' and agency_id = granter_agency_id
    when 'client_admin' then client_id = granter_client_id
    else false
end;
