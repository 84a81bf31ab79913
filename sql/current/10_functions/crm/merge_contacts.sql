-- Merges a contact into another one of the organization, which takes over its leads, activities, conversations, assignments, notifications,
-- addresses and former ids, and fills its own gaps from it. The merged contact's row is deleted. Returns how many rows moved; no row if
-- either does not exist. Leads of both in one campaign become one (app.merge_leads): joined_lead_ids are those that are gone.
--
-- Locks, each in a fixed order, so that parallel callers wait for each other instead of deadlocking: the contacts by id, the merged
-- contact's conversations by id, the leads of both by id, the counters of the leads' campaigns, activities, assignments by id,
-- notifications. A webhook processor locks its contacts first as well (app.lock_contacts), so it never holds a lead or anything else that a
-- merge waits for. Nothing here locks webhook logs, which processors lock before contacts.
drop function if exists app.merge_contacts(uuid, uuid, uuid, timestamptz);
create function app.merge_contacts(organization uuid, merged uuid, survivor uuid, merged_at timestamptz)
returns table (leads integer, joined_leads integer, activities integer, assignments integer, joined_lead_ids uuid[])
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    order_of_suppression constant text[] := array['none', 'bounced', 'manual', 'unsubscribed'];
    gone app.contact;
    kept app.contact;
    -- Whether the merged contact has the clean form of the address that the surviving one has from before addresses were cleaned.
    is_cleaner boolean;
begin
    if not app.may_run(organization) then
        raise insufficient_privilege using message = 'this session may not merge contacts of this organization';
    end if;
    perform from app.contact k where k.organization_id = organization and k.id in (merged, survivor) order by k.id for update;
    select k.* into gone from app.contact k where k.organization_id = organization and k.id = merged;
    select k.* into kept from app.contact k where k.organization_id = organization and k.id = survivor;
    if gone.id is null or kept.id is null or merged = survivor then
        return;
    end if;
    perform from app.conversation c where c.organization_id = organization and c.contact_id = merged order by c.id for no key update;

    select l.moved, cardinality(l.joined), l.joined, l.activities into leads, joined_leads, joined_lead_ids, activities
    from app.merge_leads(organization, merged, survivor, merged_at) l;
    assignments := app.merge_assignments(organization, merged, survivor, merged_at);

    update app.contact_former_email a set contact_id = survivor where a.organization_id = organization and a.contact_id = merged;
    update app.contact_forwarding f set contact_id = survivor where f.organization_id = organization and f.contact_id = merged;
    update app.conversation c set contact_id = survivor, updated_at = merged_at where c.organization_id = organization and c.contact_id = merged;
    update app.contact_external_id e set contact_id = survivor where e.organization_id = organization and e.contact_id = merged;
    -- What was merged is no longer what an import job created or wrote: undoing the job keeps it.
    update app.import_job_row r set
        contact_id = survivor,
        contact_created = false,
        contact_before = null,
        contact_after = null,
        kept_contact = coalesce(r.kept_contact, 'merged')
    where r.organization_id = organization and r.contact_id = merged;
    delete from app.contact k where k.organization_id = organization and k.id = merged;

    is_cleaner := coalesce(kept.clean_email_norm = gone.email_norm, false);
    update app.contact k set
        email = case when is_cleaner then gone.email else coalesce(kept.email, gone.email) end,
        email_norm = case when is_cleaner then gone.email_norm else coalesce(kept.email_norm, gone.email_norm) end,
        clean_email_norm = case when is_cleaner then null when kept.email is null then gone.clean_email_norm else kept.clean_email_norm end,
        first_name = coalesce(kept.first_name, gone.first_name),
        last_name = coalesce(kept.last_name, gone.last_name),
        company = coalesce(kept.company, gone.company),
        title = coalesce(kept.title, gone.title),
        phone = coalesce(kept.phone, gone.phone),
        website = coalesce(kept.website, gone.website),
        linkedin_url = coalesce(kept.linkedin_url, gone.linkedin_url),
        city = coalesce(kept.city, gone.city),
        region = coalesce(kept.region, gone.region),
        country = coalesce(kept.country, gone.country),
        lead_score = greatest(kept.lead_score, gone.lead_score),
        custom_fields = gone.custom_fields || kept.custom_fields,
        tags = kept.tags || array(select t.tag from unnest(gone.tags) with ordinality as t (tag, n) where t.tag <> all (kept.tags) order by t.n),
        (suppression, suppressed_at) = (
            select s.suppression, s.suppressed_at
            from (values (kept.suppression, kept.suppressed_at), (gone.suppression, gone.suppressed_at)) as s (suppression, suppressed_at)
            order by array_position(order_of_suppression, s.suppression) desc, s.suppressed_at
            limit 1),
        updated_at = merged_at
    where k.organization_id = organization and k.id = survivor;

    -- The address that the contact does not show any more, if there were two.
    insert into app.contact_former_email (organization_id, email_norm, email, contact_id, created_at)
    select organization, a.email_norm, a.email, survivor, merged_at
    from (values (gone.email_norm, gone.email, not is_cleaner), (kept.email_norm, kept.email, is_cleaner)) as a (email_norm, email, is_former)
    where a.is_former and a.email_norm is not null and kept.email_norm is not null;
    insert into app.contact_forwarding (organization_id, former_id, contact_id, merged_at) values (organization, merged, survivor, merged_at);
    return next;
end
$$;

revoke all on function app.merge_contacts(uuid, uuid, uuid, timestamptz) from public;
grant execute on function app.merge_contacts(uuid, uuid, uuid, timestamptz) to salesbrain_tenant, salesbrain_platform;
