-- Creates the contacts that effects name and that were not found, suppressed as a person with that address was when their data was erased,
-- and queues them for automatic assignment where the organization wants that. Returns how many it queued. They are not assigned here: that
-- would lock their organization's pools until the caller commits, and the events of one organization must not wait for another's.
create or replace function app.ensure_contacts(effects app.webhook_effect[], targets app.webhook_target[], applied_at timestamptz)
returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    made uuid[];
    queued integer;
begin
    with made as (
        insert into app.contact (id, organization_id, email, email_norm, created_at, updated_at)
        select distinct on (e.organization_id, e.email_norm)
            e.new_contact_id, e.organization_id, e.email, e.email_norm, applied_at, applied_at
        from unnest(effects, targets) as e
        where e.email_norm is not null and e.contact_id is null
        order by e.organization_id, e.email_norm
        on conflict (organization_id, email_norm) do nothing
        returning organization_id, id
    ), waiting as (
        insert into app.assignment_queue (organization_id, contact_id, source, queued_at)
        select m.organization_id, m.id, 'new_contact', applied_at
        from made m
        join app.assignment_ruleset s on s.organization_id = m.organization_id and s.assign_new_contacts
        returning contact_id
    )
    select (select array_agg(m.id) from made m), (select count(*) from waiting) into made, queued;
    if made is not null then
        -- A statement of its own, which sees the erasure that the insert waited for.
        update app.contact k set suppression = x.suppression, suppressed_at = coalesce(x.suppressed_at, applied_at)
        from (
            select distinct on (e.new_contact_id) e.organization_id, e.new_contact_id, x.suppression, x.suppressed_at
            from unnest(effects) as e
            join app.erased_contact x on x.organization_id = e.organization_id and x.hash = any (e.email_hashes)
            where e.new_contact_id = any (made) and x.suppression <> 'none'
            order by e.new_contact_id, app.suppression_rank(x.suppression) desc
        ) x
        where k.organization_id = x.organization_id and k.id = x.new_contact_id;
    end if;
    return queued;
end
$$;

revoke all on function app.ensure_contacts(app.webhook_effect[], app.webhook_target[], timestamptz) from public;
grant execute on function app.ensure_contacts(app.webhook_effect[], app.webhook_target[], timestamptz) to salesbrain_platform;
