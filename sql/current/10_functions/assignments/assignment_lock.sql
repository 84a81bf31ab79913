-- The key of an advisory lock of automatic assignment: rules and caps of an organization, pool of a rule. Locks are held until the
-- transaction ends, so they work behind PgBouncer.
create or replace function app.assignment_lock(subject text, id uuid) returns bigint
language sql immutable parallel safe
return hashtextextended('app.assignment.' || subject || '.' || id::text, 0);
