-- The people whom a part of a delivery of WhatsApp names, by the vendor's ids: often their phone numbers in digits. Erasing a person finds by it what no
-- contact leads to. It reads the bytes as text, because what a vendor sends need not be JSON that PostgreSQL accepts, and an index must not refuse it.
create function app.whatsapp_people(body bytea) returns text[]
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    return array(
        select distinct m[1]
        from regexp_matches(encode(body, 'escape'), '"(?:from|to|wa_id|new_wa_id|recipient_id)"\s*:\s*"\+?([^"\\]{1,128})"', 'g') as m);
end
$$;

revoke all on function app.whatsapp_people(bytea) from public;
-- Whoever inserts a payload computes the index.
grant execute on function app.whatsapp_people(bytea) to salesbrain_tenant, salesbrain_platform;

create index webhook_payload_people_idx on app.webhook_payload using gin (organization_id, app.whatsapp_people(body)) where is_private;
create index whatsapp_unrouted_people_idx on app.whatsapp_unrouted using gin (app.whatsapp_people(body));
