-- The statuses that a lead goes through, in order; `rejected` is outside of it.
create or replace function app.lead_status_order() returns text[]
language sql immutable parallel safe
return array['new', 'contacted', 'responded', 'qualified', 'converted'];

-- The status of a lead after an event that asks for another one (null: for none). It only moves forward; `converted` and `rejected` stay.
create or replace function app.advanced_lead_status(current text, reached text) returns text
language sql immutable parallel safe
return case
    when array_position(app.lead_status_order(), reached) > array_position(app.lead_status_order(), current) then reached
    else current end;
