create or replace function app.is_role(variadic roles text[]) returns boolean
language sql stable parallel safe
return coalesce(current_setting('app.user_role', true) = any (roles), false);
