-- Erases a person: the contact with its leads, activities, conversations, assignments and former ids; what webhook logs, notifications and
-- the audit log say of it. Keeps a keyed hash of each address (hashes[i] is that of addresses[i]) with the strictest suppression. Returns
-- what it erased; null if there is no such contact in that version: the caller reads it again.
--
-- Locks webhook logs first, as processors do, and so waits for those that have one of them; then the contact, its conversations, its
-- leads, and the rest as app.merge_contacts. Logs that are stored meanwhile and that a processor has are left to it: app.without_erased
-- ignores them if they were received before.
create or replace function app.erase_contact(
    organization uuid, contact uuid, known_version bigint, addresses text[], hashes bytea[], erased_at timestamptz)
returns jsonb
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
declare
    ids uuid[];
    leads uuid[];
    campaigns uuid[];
    conversations uuid[];
    person app.contact;
    peers text[];
    log_created_ats timestamptz[];
    log_ids uuid[];
    counts jsonb;
begin
    if not app.may_run(organization) then
        raise insufficient_privilege using message = 'this session may not erase contacts of this organization';
    end if;
    ids := contact || array(
        select f.former_id from app.contact_forwarding f where f.organization_id = organization and f.contact_id = contact);
    perform app.lock_webhook_logs(organization, ids, addresses, true);
    select k.* into person
    from app.contact k
    where k.organization_id = organization and k.id = contact and k.version = known_version
    for update;
    if person.id is null then
        return null;
    end if;
    perform from app.conversation c where c.organization_id = organization and c.contact_id = contact order by c.id for update;
    peers := array(
        select x.external_id
        from app.contact_external_id x
        where x.organization_id = organization and x.contact_id = contact and x.source = 'whatsapp'
        union
        select c.peer_id from app.conversation c where c.organization_id = organization and c.contact_id = contact
        union
        select app.phone_digits(person.phone) where app.phone_digits(person.phone) is not null);
    leads := array(
        select l.id from app.lead l where l.organization_id = organization and l.contact_id = contact order by l.id for update);
    campaigns := array(
        select distinct l.campaign_id from app.lead l
        where l.organization_id = organization and l.contact_id = contact and l.deleted_at is null and l.campaign_id is not null);
    perform app.lock_campaign_counters(array_fill(organization, array[cardinality(campaigns)]), campaigns);

    counts := jsonb_build_object('leads', cardinality(leads));
    -- By time, as app.erase_mentions: a delete alone locks them in any order.
    perform from app.activity a
    where a.organization_id = organization and (a.contact_id = contact or a.lead_id = any (leads))
    order by a.created_at, a.id
    for update;
    with gone as (
        delete from app.activity a
        where a.organization_id = organization and (a.contact_id = contact or a.lead_id = any (leads))
        returning 1
    )
    select counts || jsonb_build_object('activities', count(*)) into counts from gone;
    delete from app.user_contact_assignment a where a.organization_id = organization and a.contact_id = contact;
    -- Messages, their keys, those that wait to be sent and the history of assignments go with them.
    with gone as (
        delete from app.conversation c where c.organization_id = organization and c.contact_id = contact returning c.id
    )
    select counts || jsonb_build_object('conversations', count(*)), coalesce(array_agg(g.id), '{}') into counts, conversations from gone g;
    counts := counts || app.forget_notifications(organization, leads || ids || conversations);

    -- Leads that became one with another when contacts were merged: only entries still name them.
    leads := leads || array(
        select j.id::uuid
        from app.audit_log a, jsonb_array_elements_text(a.changes -> 'joined_lead_ids') as j (id)
        where a.organization_id = organization and a.entity_id = any (ids) and a.action = 'contact.merged'
            and jsonb_typeof(a.changes -> 'joined_lead_ids') = 'array');
    with locked as (
        select a.id, a.at
        from app.audit_log a
        where a.organization_id = organization and a.entity_id = any (leads || ids || conversations)
        order by a.at, a.id
        for no key update
    ), forgotten as (
        update app.audit_log a set changes = app.erased_changes(a.changes)
        from locked l
        where a.organization_id = organization and a.at = l.at and a.id = l.id
        returning 1
    )
    select counts || jsonb_build_object('audit_entries', count(*)) into counts from forgotten;

    select array_agg(l.created_at), array_agg(l.id) into log_created_ats, log_ids
    from app.lock_webhook_logs(organization, ids, addresses, false) l;
    if log_ids is not null then
        perform app.forget_webhook_logs(array_fill(organization, array[cardinality(log_ids)]), log_created_ats, log_ids);
    end if;
    counts := counts || jsonb_build_object(
        'webhook_logs', coalesce(cardinality(log_ids), 0) + case when cardinality(peers) > 0 then app.forget_whatsapp_people(organization, peers) else 0 end);

    insert into app.erased_contact as x (organization_id, hash, suppression, suppressed_at, erased_at)
    select organization, h.hash, person.suppression, person.suppressed_at, erased_at
    from unnest(hashes) as h (hash)
    order by h.hash
    on conflict (organization_id, hash) do update set
        suppression = case when app.suppression_rank(excluded.suppression) > app.suppression_rank(x.suppression)
            then excluded.suppression else x.suppression end,
        suppressed_at = case when app.suppression_rank(excluded.suppression) > app.suppression_rank(x.suppression)
            then excluded.suppressed_at else x.suppressed_at end,
        erased_at = greatest(x.erased_at, excluded.erased_at);

    delete from app.lead l where l.organization_id = organization and l.contact_id = contact;
    -- Aliases, former ids, ids of sources and vendors, and the place in the queue go with it.
    delete from app.contact k where k.organization_id = organization and k.id = contact;
    return counts;
end
$$;

revoke all on function app.erase_contact(uuid, uuid, bigint, text[], bytea[], timestamptz) from public;
grant execute on function app.erase_contact(uuid, uuid, bigint, text[], bytea[], timestamptz)
    to salesbrain_tenant, salesbrain_platform;
