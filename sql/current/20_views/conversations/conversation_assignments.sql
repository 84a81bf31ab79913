-- Who has and had which conversation, by the columns that reports read.
create or replace view app.conversation_assignments with (security_invoker = true) as
select a.id, t.id as tenant_id, a.organization_id, a.conversation_id, a.user_id, a.assigned_by, a.assigned_at, a.ended_at, a.reason,
    a.ended_at is null as is_active
from app.conversation_assignment a
join app.tenant t on t.organization_id = a.organization_id;

revoke all on app.conversation_assignments from public, salesbrain_tenant, salesbrain_platform;
grant select on app.conversation_assignments to salesbrain_tenant, salesbrain_platform;
