-- Groups of an organization's contacts that may be the same person: by reason (1: the clean form of an address from before addresses were
-- cleaned, 2: the LinkedIn profile, 3: name and phone number), then by what they share. Begins after a reason and shared value. A group
-- whose members all share something of an earlier reason as well is listed there only, with both reasons. contact_ids are the oldest 20
-- members, by id. Reads the index of each reason in order, alone, and stops when there are enough groups. A definer function because
-- row-level security would look at every row; for sessions that can change everything of the organization.
create or replace function app.find_duplicate_contacts(organization uuid, after_reason integer, after_shared text, most integer)
returns table (reason integer, shared text, reasons text[], members bigint, contact_ids uuid[])
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
-- Groups are found in the order of the index, so that reading can stop.
set enable_hashagg = off
as $$
begin
    if not app.may_run(organization) then
        return;
    end if;
    return query
    with keys as (
        (select 1 as reason, g.shared
        from (
            select distinct k.clean_email_norm as shared from app.contact k
            where k.organization_id = organization and k.clean_email_norm is not null
                and (after_reason < 1 or (after_reason = 1 and k.clean_email_norm > after_shared))
        ) g
        where (
            select count(*) from (
                select from app.contact k
                where k.organization_id = organization and (k.clean_email_norm = g.shared or k.email_norm = g.shared) limit 2) m) = 2
        order by g.shared
        limit most)
        union all
        (select 2, k.linkedin_key
        from app.contact k
        where k.organization_id = organization and k.linkedin_key is not null
            and (after_reason < 2 or (after_reason = 2 and k.linkedin_key > after_shared))
        group by k.linkedin_key
        having count(*) > 1
        order by k.linkedin_key
        limit most)
        union all
        (select 3, g.shared
        from (
            select k.person_key as shared
            from app.contact k
            where k.organization_id = organization and k.person_key is not null
                and (after_reason < 3 or (after_reason = 3 and k.person_key > after_shared))
            group by k.person_key
            having count(*) > 1
        ) g
        where not (
            select count(k.linkedin_key) = count(*) and count(distinct k.linkedin_key) = 1
            from app.contact k
            where k.organization_id = organization and k.person_key = g.shared)
        order by g.shared
        limit most)
    )
    select p.reason, p.shared,
        array_remove(array[
            case when p.reason = 1 then 'email' end,
            case when p.reason = 2 or (m.with_linkedin = m.members and m.linkedins = 1) then 'linkedin_url' end,
            case when p.reason = 3 or (m.with_person = m.members and m.persons = 1) then 'name_and_phone' end], null),
        m.members, m.ids[:20]
    from (select k.reason, k.shared from keys k order by k.reason, k.shared limit most) p
    cross join lateral (
        select count(*) as members, count(k.linkedin_key) as with_linkedin, count(distinct k.linkedin_key) as linkedins,
            count(k.person_key) as with_person, count(distinct k.person_key) as persons, array_agg(k.id order by k.id) as ids
        from app.contact k
        where k.organization_id = organization and case p.reason
            when 1 then k.clean_email_norm = p.shared or k.email_norm = p.shared
            when 2 then k.linkedin_key = p.shared
            else k.person_key = p.shared end
    ) m;
end
$$;

revoke all on function app.find_duplicate_contacts(uuid, integer, text, integer) from public;
grant execute on function app.find_duplicate_contacts(uuid, integer, text, integer) to salesbrain_tenant, salesbrain_platform;
