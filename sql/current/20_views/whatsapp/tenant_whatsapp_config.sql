-- The WhatsApp account of each organization, by the columns that reports read. The token is not among them.
create or replace view app.tenant_whatsapp_config with (security_invoker = true) as
select t.id as tenant_id, a.organization_id, a.waba_id, a.phone_number_id, a.display_number, a.verified_name, a.quality, a.status,
    a.status = 'configured' as is_configured, a.connected_at, a.updated_at
from app.whatsapp_account a
join app.tenant t on t.organization_id = a.organization_id;

revoke all on app.tenant_whatsapp_config from public, salesbrain_tenant, salesbrain_platform;
grant select on app.tenant_whatsapp_config to salesbrain_tenant, salesbrain_platform;
