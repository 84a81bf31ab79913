-- Marks at most `most` (null = all) active links past their expiry as expired and notifies their creators, once per expiry: an extended
-- link can expire again. Returns the number of links. Concurrent callers share the work by skipping locked rows. Platform operators belong
-- to no organization and are not notified.
create or replace function app.expire_old_onboarding_links(moment timestamptz default now(), most integer default null) returns bigint
language sql volatile
set search_path = pg_catalog, pg_temp
as $$
    with due as (
        select l.organization_id, l.id
        from app.onboarding_link l
        where l.status = 'active' and l.expires_at <= moment
        order by l.expires_at
        limit most
        for no key update skip locked
    ), expired as (
        update app.onboarding_link l set status = 'expired', updated_at = moment
        from due d
        where l.organization_id = d.organization_id and l.id = d.id
        returning l.organization_id, l.id, l.template_name, l.created_at, l.created_by, l.expires_at
    ), told as (
        insert into app.notification (
            organization_id, user_id, type, title, body, link_entity, link_id, data, burst_key, burst_at, created_at)
        select e.organization_id, u.id, 'onboarding_link.expired', 'Onboarding link expired',
            format('The onboarding link "%s" of %s expired before the onboarding was completed.', e.template_name, to_char(e.created_at at time zone 'UTC', 'YYYY-MM-DD')),
            'onboarding_link', e.id, jsonb_build_object('link_id', e.id, 'template_name', e.template_name, 'expires_at', e.expires_at),
            e.id::text, e.expires_at, moment
        from expired e
        join app.user u on u.organization_id = e.organization_id and u.id = e.created_by and u.status = 'active'
        on conflict (organization_id, user_id, type, burst_key, burst_at) do nothing
    )
    select count(*) from expired
$$;

revoke all on function app.expire_old_onboarding_links(timestamptz, integer) from public;
grant execute on function app.expire_old_onboarding_links(timestamptz, integer) to salesbrain_platform;
