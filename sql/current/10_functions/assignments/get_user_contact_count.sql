-- The number of contacts assigned to a user.
create or replace function app.get_user_contact_count(user_id uuid) returns integer
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select count(*)::integer
    from app.user u
    join app.user_contact_assignment a on a.organization_id = u.organization_id and a.user_id = u.id and a.status = 'active'
    where u.id = get_user_contact_count.user_id
$$;
