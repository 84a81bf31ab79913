-- Stops sending for an organization: until it is connected again (pause null), or until a time. Notifies once who can do something about
-- it. Changes nothing, and returns false, if the account has another token by now, or sending has been stopped meanwhile.
create or replace function app.stop_sending(
    organization uuid, token bytea, pause timestamptz, code text, message text, at timestamptz) returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    update app.whatsapp_account a set
        status = case when pause is null then 'needs_reconnect' else a.status end,
        sends_after = coalesce(pause, a.sends_after),
        error_code = code, error_message = message, updated_at = at
    where a.organization_id = organization and a.status = 'configured' and a.token_sealed = token
        and (a.sends_after is null or a.sends_after <= at);
    if not found then
        return false;
    end if;
    insert into app.notification (organization_id, user_id, type, title, body, link_entity, data, burst_key, burst_at, count, created_at)
    select organization, u.id, case when pause is null then 'whatsapp.needs_reconnect' else 'whatsapp.sending_stopped' end,
        case when pause is null then 'WhatsApp must be connected again' else 'WhatsApp has stopped sending' end,
        message, 'whatsapp_account', jsonb_build_object('code', code, 'sends_after', pause), code, at, 1, at
    from app.user u
    where u.organization_id = organization and u.status = 'active' and u.role in ('owner', 'admin', 'agent_supervisor')
    order by u.id
    on conflict (organization_id, user_id, type, burst_key, burst_at) do nothing;
    return true;
end
$$;

revoke all on function app.stop_sending(uuid, bytea, timestamptz, text, text, timestamptz) from public;
grant execute on function app.stop_sending(uuid, bytea, timestamptz, text, text, timestamptz) to salesbrain_platform;
