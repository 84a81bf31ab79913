-- Each lead that is not deleted, with the names of its contact, campaign, agency, client and assignee, for SQL users and reports.
create or replace view app.lead_details with (security_invoker = true) as
select l.id as lead_id, l.organization_id, l.contact_id, k.email, k.first_name, k.last_name, k.company, k.suppression,
    l.campaign_id, g.name as campaign_name, l.agency_id, a.name as agency_name, l.client_id, c.name as client_name,
    l.status, l.interest, l.interest_label, l.priority, l.qualification_score, l.score, l.practice_area, l.source, l.tags,
    l.assigned_to, coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as assignee_name,
    l.deal_amount, l.deal_currency, l.expected_close_date, l.closed_at, l.sent_count, l.opened_count, l.clicked_count, l.replied_count,
    l.last_activity_at, l.created_at, l.updated_at
from app.lead l
left join app.contact k on k.organization_id = l.organization_id and k.id = l.contact_id
left join app.campaign g on g.organization_id = l.organization_id and g.id = l.campaign_id
left join app.agency a on a.organization_id = l.organization_id and a.id = l.agency_id
left join app.client c on c.organization_id = l.organization_id and c.id = l.client_id
left join app.user u on u.organization_id = l.organization_id and u.id = l.assigned_to
where l.deleted_at is null;

revoke all on app.lead_details from public, salesbrain_tenant, salesbrain_platform;
grant select on app.lead_details to salesbrain_tenant, salesbrain_platform;
