-- What stays of the changes in an audit entry about a person who was erased: the ids of leads that a merge has deleted, by which an erasure
-- finds the entries about them.
create or replace function app.erased_changes(changes jsonb) returns jsonb
language sql immutable parallel safe
return jsonb_build_object('erased', true)
    || case when changes ? 'joined_lead_ids' then jsonb_build_object('joined_lead_ids', changes -> 'joined_lead_ids') else '{}' end;
