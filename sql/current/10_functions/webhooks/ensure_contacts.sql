-- Creates the contacts that effects name and that were not found, and queues them for automatic assignment where the organization wants
-- that. Returns how many it queued. They are not assigned here: that would lock their organization's pools until the caller commits, and
-- the events of one organization must not wait for another's.
create or replace function app.ensure_contacts(effects app.webhook_effect[], targets app.webhook_target[], applied_at timestamptz)
returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
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
    select count(*) into queued from waiting;
    return queued;
end
$$;

revoke all on function app.ensure_contacts(app.webhook_effect[], app.webhook_target[], timestamptz) from public;
grant execute on function app.ensure_contacts(app.webhook_effect[], app.webhook_target[], timestamptz) to salesbrain_platform;
