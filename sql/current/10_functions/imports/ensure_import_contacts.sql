-- The contact of each person of a page, found or created, and which of them were created now. Locks the contacts against merging and
-- erasing. The caller holds the organization's lock for imports, so no other import creates a contact meanwhile; webhooks and people may,
-- but only with an address, which is unique. The steps and their order are those of app.apply_webhook_events, so that an import and a
-- processor wait for each other instead of deadlocking: lock what is there by id, insert by address, lock what others have inserted.
create or replace function app.ensure_import_contacts(
    organization uuid, id_source text, people app.import_person[], applied_at timestamptz,
    out contacts uuid[], out created uuid[], out queued integer)
language plpgsql
set search_path = pg_catalog, pg_temp
-- As app.find_import_contacts says.
set plan_cache_mode = force_generic_plan
as $$
declare
    locked integer;
begin
    contacts := app.find_import_contacts(organization, id_source, people);
    perform from app.contact k where k.organization_id = organization and k.id = any (contacts) order by k.id for key share;
    get diagnostics locked = row_count;
    if locked < (select count(distinct c) from unnest(contacts) c) then
        raise serialization_failure using message = 'a contact was merged or erased while it was imported';
    end if;

    -- People of one page who share an identifier are one: whoever is first leads.
    contacts := array(
        select coalesce(c.id, contacts[p.leader + 1])
        from unnest(people) with ordinality as p
        join unnest(contacts) with ordinality as c (id, ordinality) on c.ordinality = p.ordinality
        order by p.ordinality);

    -- The only place where imports add contacts. Whose data was erased starts anew, as suppressed as they were.
    with made as (
        insert into app.contact (
            id, organization_id, email, email_norm, first_name, last_name, company, title, phone, linkedin_url, city, region, country,
            created_at, updated_at)
        select p.new_contact_id, organization, p.email, p.email_norm, p.first_name, p.last_name, p.company, p.title, p.phone,
            p.linkedin_url, p.city, p.region, p.country, applied_at, applied_at
        from unnest(people) with ordinality as p
        where contacts[p.ordinality] is null and p.leader = p.number
        order by p.email_norm, p.number
        on conflict (organization_id, email_norm) do nothing
        returning id
    ), waiting as (
        insert into app.assignment_queue (organization_id, contact_id, source, queued_at)
        select organization, m.id, 'new_contact', applied_at
        from made m
        join app.assignment_ruleset s on s.organization_id = organization and s.assign_new_contacts
        returning contact_id
    )
    select coalesce((select array_agg(m.id) from made m), '{}'), (select count(*) from waiting) into created, queued;
    -- A statement of its own, which sees the erasure that the insert waited for.
    update app.contact k set suppression = x.suppression, suppressed_at = coalesce(x.suppressed_at, applied_at)
    from (
        select distinct on (p.new_contact_id) p.new_contact_id, x.suppression, x.suppressed_at
        from unnest(people) as p
        join app.erased_contact x on x.organization_id = organization and x.hash = any (p.email_hashes)
        where p.new_contact_id = any (created) and x.suppression <> 'none'
        order by p.new_contact_id, app.suppression_rank(x.suppression) desc
    ) x
    where k.organization_id = organization and k.id = x.new_contact_id;

    contacts := array(
        select coalesce(c.id, case when l.new_contact_id = any (created) then l.new_contact_id end)
        from unnest(people) with ordinality as p
        join unnest(contacts) with ordinality as c (id, ordinality) on c.ordinality = p.ordinality
        join unnest(people) as l on l.number = p.leader
        order by p.ordinality);
    if array_position(contacts, null) is not null then
        -- Somebody else has created a contact with the address at the same time.
        contacts := array(
            select coalesce(c.id, f.id, g.id)
            from unnest(people) with ordinality as p
            join unnest(contacts) with ordinality as c (id, ordinality) on c.ordinality = p.ordinality
            join unnest(app.find_import_contacts(organization, id_source, people)) with ordinality as f (id, ordinality) on f.ordinality = p.ordinality
            join unnest(app.find_import_contacts(organization, id_source, people)) with ordinality as g (id, ordinality) on g.ordinality = p.leader + 1
            order by p.ordinality);
        perform from app.contact k where k.organization_id = organization and k.id = any (contacts) order by k.id for key share;
        get diagnostics locked = row_count;
        if array_position(contacts, null) is not null or locked < (select count(distinct c) from unnest(contacts) c) then
            raise serialization_failure using message = 'a contact was merged or erased while it was imported';
        end if;
    end if;

    insert into app.contact_external_id (organization_id, source, external_id, contact_id, created_at)
    select distinct on (p.external_id) organization, id_source, p.external_id, contacts[p.ordinality], applied_at
    from unnest(people) with ordinality as p
    where p.external_id is not null
    order by p.external_id, p.number
    on conflict do nothing;
end
$$;

revoke all on function app.ensure_import_contacts(uuid, text, app.import_person[], timestamptz) from public;
grant execute on function app.ensure_import_contacts(uuid, text, app.import_person[], timestamptz) to salesbrain_platform;
