-- How strict a suppression is; the same order as ContactSuppression in C#.
create or replace function app.suppression_rank(suppression text) returns integer
language sql immutable parallel safe
return array_position(array['none', 'bounced', 'manual', 'unsubscribed'], suppression);
