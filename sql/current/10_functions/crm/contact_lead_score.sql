-- The score of a contact: the best of their live leads that the session can see, 0 without one.
create or replace function app.contact_lead_score(organization uuid, contact uuid) returns smallint
language sql stable
return (
    select coalesce(max(l.score), 0)::smallint
    from app.lead l
    where l.organization_id = organization and l.contact_id = contact and l.deleted_at is null
);
