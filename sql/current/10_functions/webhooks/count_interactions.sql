-- Counts new activities on the active assignments of their contacts, and notes when the contact was last written to.
create or replace function app.count_interactions(effects app.webhook_effect[], targets app.webhook_target[], applied_at timestamptz)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    with touched as (
        select e.organization_id, e.contact_id, count(*) as interactions,
            max(e.occurred_at) filter (where e.counter = 'sent') as contacted_at
        from unnest(effects, targets) as e
        where e.contact_id is not null and e.is_new
        group by e.organization_id, e.contact_id
    ), locked as (
        select a.id, t.organization_id, t.interactions, t.contacted_at
        from touched t
        join app.user_contact_assignment a on a.organization_id = t.organization_id and a.contact_id = t.contact_id and a.status = 'active'
        order by a.id
        for no key update of a
    )
    update app.user_contact_assignment a set
        interactions_count = a.interactions_count + t.interactions,
        last_contacted_at = greatest(a.last_contacted_at, t.contacted_at),
        updated_at = applied_at
    from locked t
    where a.organization_id = t.organization_id and a.id = t.id;
end
$$;

revoke all on function app.count_interactions(app.webhook_effect[], app.webhook_target[], timestamptz) from public;
grant execute on function app.count_interactions(app.webhook_effect[], app.webhook_target[], timestamptz) to salesbrain_platform;
