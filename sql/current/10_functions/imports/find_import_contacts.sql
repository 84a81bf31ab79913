-- The contact of each person of a page, null where there is none: by the source's own id, else by the address (also one that the contact
-- has from another one that was merged into it), else by the LinkedIn profile. Each is a look-up in an index that has all of its columns:
-- plans for a given organization would not be, because statistics do not know an organization that is new, and so read all of its contacts
-- for each person.
create or replace function app.find_import_contacts(organization uuid, id_source text, people app.import_person[]) returns uuid[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    return array(
        select coalesce(
            (select e.contact_id from app.contact_external_id e
            where e.organization_id = organization and e.source = id_source and e.external_id = p.external_id),
            (select k.id from app.contact k where k.organization_id = organization and k.email_norm = p.email_norm),
            (select a.contact_id from app.contact_former_email a where a.organization_id = organization and a.email_norm = p.email_norm),
            (select k.id from app.contact k
            where k.organization_id = organization and k.linkedin_key = p.linkedin_key
            order by k.id
            limit 1))
        from (
            select p.external_id, p.email_norm, app.linkedin_key(p.linkedin_url) as linkedin_key, p.ordinality
            from unnest(people) with ordinality as p
            -- Reads each profile once.
            offset 0
        ) p
        order by p.ordinality);
end
$$;

revoke all on function app.find_import_contacts(uuid, text, app.import_person[]) from public;
grant execute on function app.find_import_contacts(uuid, text, app.import_person[]) to salesbrain_platform;
