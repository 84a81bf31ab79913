-- Erases an address where no id leads to it, in what came since a time: the bodies of refused deliveries; the payloads and activities of
-- webhooks that are about nobody, or that failed or were ignored without an address; notifications; and audit entries, except about users,
-- who may have the address as well. `forms` are the spellings to look for, in lower case. Returns how many rows it changed. Reads all rows
-- of the organization of the kind. A definer function, because no login can change the audit log, activities or other users' notifications.
create or replace function app.erase_mentions(kind text, organization uuid, forms text[], since timestamptz) returns bigint
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    -- As encode(…, 'escape') writes them.
    escaped constant text[] := array(select lower(encode(convert_to(f.form, 'UTF8'), 'escape')) from unnest(forms) as f (form));
    created_ats timestamptz[];
    ids uuid[];
    changed bigint := 0;
begin
    if not app.may_run(organization) then
        raise insufficient_privilege using message = 'this session may not erase contacts of this organization';
    end if;
    case kind
    when 'webhook_rejection' then
        with locked as (
            select r.id
            from app.webhook_rejection r
            where r.organization_id = organization and r.created_at >= since and octet_length(r.body) > 0
                and exists (select from unnest(escaped) as f (form) where strpos(lower(encode(r.body, 'escape')), f.form) > 0)
            order by r.id
            for no key update
        )
        update app.webhook_rejection r set body = '', headers = '{}'
        from locked l
        where r.organization_id = organization and r.id = l.id;
        get diagnostics changed = row_count;
    when 'webhook_payload' then
        select array_agg(l.created_at), array_agg(l.id) into created_ats, ids
        from (
            select w.created_at, w.id
            from app.webhook_log w
            join app.webhook_payload p on p.organization_id = w.organization_id and p.created_at = w.created_at and p.log_id = w.id
            where w.organization_id = organization and w.created_at >= since and w.contact_email_norm is null
                and (w.status in ('ignored', 'failed', 'dead')
                    or w.event_type in ('account.error', 'account.warning', 'campaign.started', 'campaign.completed', 'enrichment.completed',
                        'whatsapp.message', 'whatsapp.status', 'whatsapp.other'))
                and exists (select from unnest(escaped) as f (form) where strpos(lower(encode(p.body, 'escape')), f.form) > 0)
            order by w.created_at, w.id
            for update of w skip locked
        ) l;
        changed := coalesce(cardinality(ids), 0);
        if changed > 0 then
            perform app.forget_webhook_logs(array_fill(organization, array[changed::integer]), created_ats, ids);
            perform from unnest(created_ats, ids) as l (created_at, id)
            join app.activity a on a.organization_id = organization and a.created_at = l.created_at and a.webhook_log_id = l.id
            order by a.created_at, a.id
            for no key update of a;
            update app.activity a set details = '{}'
            from unnest(created_ats, ids) as l (created_at, id)
            where a.organization_id = organization and a.created_at = l.created_at and a.webhook_log_id = l.id;
        end if;
    when 'notification' then
        with locked as (
            select n.id
            from app.notification n
            where n.organization_id = organization and n.created_at >= since
                and exists (select from unnest(forms) as f (form) where strpos(lower(n.title || ' ' || n.body || ' ' || n.data::text), f.form) > 0)
            order by n.user_id, n.type, nullif(n.burst_key, '') collate "C" nulls last, n.burst_at
            for no key update
        )
        update app.notification n set
            title = 'Erased', body = 'The data of the person was erased.', link_entity = null, link_id = null, data = '{}'
        from locked l
        where n.organization_id = organization and n.id = l.id;
        get diagnostics changed = row_count;
    when 'audit_log' then
        with locked as (
            select a.id, a.at
            from app.audit_log a
            where a.organization_id = organization and a.at >= since and a.entity <> 'user'
                and exists (select from unnest(forms) as f (form) where strpos(lower(a.changes::text), f.form) > 0)
            order by a.at, a.id
            for no key update
        )
        update app.audit_log a set changes = app.erased_changes(a.changes)
        from locked l
        where a.organization_id = organization and a.at = l.at and a.id = l.id;
        get diagnostics changed = row_count;
    end case;
    return changed;
end
$$;

revoke all on function app.erase_mentions(text, uuid, text[], timestamptz) from public;
grant execute on function app.erase_mentions(text, uuid, text[], timestamptz) to salesbrain_tenant, salesbrain_platform;
