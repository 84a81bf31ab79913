-- The agents of each organization who sign in with Genesys, by the columns that reports read.
create or replace view app.genesys_users with (security_invoker = true) as
select g.user_id, t.id as tenant_id, g.genesys_user_id, g.email as genesys_email, g.name, u.role
from app.genesys_user g
join app.user u on u.organization_id = g.organization_id and u.id = g.user_id
join app.tenant t on t.organization_id = g.organization_id;

revoke all on app.genesys_users from public, salesbrain_tenant, salesbrain_platform;
grant select on app.genesys_users to salesbrain_tenant, salesbrain_platform;
