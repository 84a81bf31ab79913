-- The lead score of a contact: the best score of the contact's live leads that the session can see; 0 if there is none.
create or replace function app.contact_lead_score(organization uuid, contact uuid) returns integer
language sql stable parallel safe
return (
    select coalesce(max(l.score), 0)::integer
    from app.lead l
    where l.organization_id = organization and l.contact_id = contact and l.deleted_at is null);
