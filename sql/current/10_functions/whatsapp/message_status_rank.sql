-- How far a message has come. Statuses only rise, whatever order they arrive in: a message that failed may turn out to be delivered, but
-- one that was delivered has not failed.
create or replace function app.message_status_rank(status text) returns integer
language sql immutable parallel safe
return case status when 'sent' then 1 when 'failed' then 2 when 'delivered' then 3 when 'read' then 4 else 0 end;
