-- What analytics count, by number: app.analytics_day keeps the position. Append only. `created`, `qualified` and `converted` are facts
-- about leads, the others types of activities (EventTypes in C#, a test compares them).
create or replace function app.analytics_kinds() returns text[]
language sql immutable parallel safe
return array[
    'created', 'qualified', 'converted', 'other',
    'email.sent', 'email.opened', 'email.link_clicked', 'email.replied', 'email.auto_replied', 'email.bounced',
    'lead.unsubscribed', 'lead.interested', 'lead.interested_maybe', 'lead.neutral', 'lead.not_interested', 'lead.meeting_booked',
    'lead.meeting_completed', 'lead.meeting_cancelled', 'lead.no_show', 'lead.closed', 'lead.out_of_office', 'lead.wrong_person',
    'lead.label', 'campaign.started', 'campaign.completed', 'account.error', 'account.warning', 'enrichment.completed', 'whatsapp.message',
    'whatsapp.status', 'whatsapp.other'];
