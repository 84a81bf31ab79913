-- The contact of a person who writes with WhatsApp: the one that has the vendor's id, else one with the phone number, those with a lead
-- first. Null if there is none.
create or replace function app.find_peer_contact(organization uuid, peer text) returns uuid
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(
        (select e.contact_id from app.contact_external_id e
            where e.organization_id = organization and e.source = 'whatsapp' and e.external_id = peer),
        case when peer ~ '^[0-9]{7,15}$' then (
            select k.id from app.contact k
            where k.organization_id = organization and k.phone is not null and app.phone_digits(k.phone) = peer
            order by exists (
                select from app.lead l where l.organization_id = k.organization_id and l.contact_id = k.id and l.deleted_at is null) desc,
                k.created_at, k.id
            limit 1) end)
$$;

revoke all on function app.find_peer_contact(uuid, text) from public;
