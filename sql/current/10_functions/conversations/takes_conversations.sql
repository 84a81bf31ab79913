-- Roles that can have conversations.
create or replace function app.takes_conversations(role text) returns boolean
language sql immutable parallel safe
return role in ('agent', 'agent_supervisor', 'owner', 'admin');
