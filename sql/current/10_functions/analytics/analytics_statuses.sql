-- The statuses of leads, by number: in app.analytics_lead and app.analytics_day, minus the position is the kind of "has had its status
-- since". Append only (LeadStatus in C#, a test compares them).
create or replace function app.analytics_statuses() returns text[]
language sql immutable parallel safe
return array['new', 'contacted', 'responded', 'qualified', 'converted', 'rejected'];
