-- The contact of an organization with an e-mail address, also with one of a contact that was merged into it; added if there is none. What
-- is unknown about an existing contact is filled from what is given; nothing is overwritten. Returns its id, and whether it was added or
-- changed. The contact stays what it is until the caller commits: it is locked, or found again if it was merged or erased before.
-- A definer function, because contacts belong to the whole organization: people of an agency or a client may create a lead of a contact
-- that they do not see yet. They name the exact address, and learn nothing here but the id.
create or replace function app.find_or_add_contact(given app.contact, at timestamptz)
returns table (id uuid, outcome text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    known uuid;
    added uuid;
begin
    -- A member changes leads and adds none.
    if not app.works_leads(given.organization_id) or app.is_role('member') then
        raise insufficient_privilege using message = 'this session may not add contacts to this organization';
    end if;

    for attempt in 1..5 loop
        known := (
            select a.contact_id from app.contact_former_email a
            where a.organization_id = given.organization_id and a.email_norm = given.email_norm);

        begin
            insert into app.contact (
                id, organization_id, email, email_norm, first_name, last_name, company, title, phone, linkedin_url, city, region, country,
                created_at, updated_at)
            select
                given.id, given.organization_id, given.email, given.email_norm, given.first_name, given.last_name, given.company,
                given.title, given.phone, given.linkedin_url, given.city, given.region, given.country, at, at
            where known is null
            on conflict (organization_id, email_norm) do nothing
            returning contact.id into added;
        exception when unique_violation then
            -- The contact with the address has just been merged into another one.
            continue;
        end;
        if added is not null then
            return query select added, 'added';
            return;
        end if;

        return query
        update app.contact k set
            first_name = coalesce(k.first_name, given.first_name),
            last_name = coalesce(k.last_name, given.last_name),
            company = coalesce(k.company, given.company),
            title = coalesce(k.title, given.title),
            phone = coalesce(k.phone, given.phone),
            linkedin_url = coalesce(k.linkedin_url, given.linkedin_url),
            city = coalesce(k.city, given.city),
            region = coalesce(k.region, given.region),
            country = coalesce(k.country, given.country),
            updated_at = at
        where k.organization_id = given.organization_id and (k.id = known or (known is null and k.email_norm = given.email_norm))
            and ((k.first_name is null and given.first_name is not null) or (k.last_name is null and given.last_name is not null)
                or (k.company is null and given.company is not null) or (k.title is null and given.title is not null)
                or (k.phone is null and given.phone is not null) or (k.linkedin_url is null and given.linkedin_url is not null)
                or (k.city is null and given.city is not null) or (k.region is null and given.region is not null)
                or (k.country is null and given.country is not null))
        returning k.id, 'changed';
        if found then
            return;
        end if;

        -- Locked as the foreign key of its lead will lock it, but before the lead is written: a merge locks contacts first, then their
        -- leads.
        return query
        select k.id, 'found'
        from app.contact k
        where k.organization_id = given.organization_id and (k.id = known or (known is null and k.email_norm = given.email_norm))
        for key share;
        if found then
            return;
        end if;
    end loop;
    raise serialization_failure using message = 'the contact with the address keeps changing';
end
$$;

revoke all on function app.find_or_add_contact(app.contact, timestamptz) from public;
grant execute on function app.find_or_add_contact(app.contact, timestamptz) to salesbrain_tenant, salesbrain_platform;
