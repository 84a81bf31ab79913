-- The number of campaigns assigned to a user, without deleted ones.
create or replace function app.get_user_campaign_count(user_id uuid) returns integer
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select count(*)::integer
    from app.user u
    join app.user_campaign_assignment a on a.organization_id = u.organization_id and a.user_id = u.id and a.status = 'active'
    left join app.campaign c on c.organization_id = a.organization_id and c.id = a.campaign_id
    where u.id = get_user_campaign_count.user_id and c.deleted_at is null
$$;
