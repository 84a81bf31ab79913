-- Erases what WhatsApp delivered about people whom no contact leads to: logs of the organization without a contact, and what came for its
-- WhatsApp Business Account and belonged to no number. `peers` are the vendor's ids of the people. Returns how many logs it changed. Logs
-- that a processor has are left to it. Found by indexes, never by reading all payloads.
create or replace function app.forget_whatsapp_people(organization uuid, peers text[]) returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    created_ats timestamptz[];
    ids uuid[];
begin
    select array_agg(l.created_at), array_agg(l.id) into created_ats, ids
    from (
        select w.created_at, w.id
        from app.webhook_payload p
        join app.webhook_log w on w.organization_id = p.organization_id and w.created_at = p.created_at and w.id = p.log_id
        where p.organization_id = organization and p.is_private and app.whatsapp_people(p.body) && peers and w.contact_id is null
        order by w.created_at, w.id
        for update of w skip locked
    ) l;
    if ids is not null then
        perform app.forget_webhook_logs(array_fill(organization, array[cardinality(ids)]), created_ats, ids);
    end if;
    with locked as (
        select u.id
        from app.whatsapp_unrouted u
        where app.whatsapp_people(u.body) && peers
            and u.waba_id in (select a.waba_id from app.whatsapp_account a where a.organization_id = organization)
        -- As retention deletes them.
        order by u.ctid
        for update
    )
    delete from app.whatsapp_unrouted u
    using locked l
    where u.id = l.id;
    return coalesce(cardinality(ids), 0);
end
$$;

revoke all on function app.forget_whatsapp_people(uuid, text[]) from public;
