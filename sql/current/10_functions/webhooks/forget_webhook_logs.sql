-- Takes the person out of locked webhook logs: the address, the payload, and the headers of deliveries that have no other payload. Logs
-- that have not been processed are ignored from now on, so that nothing brings the person back. Triggers keep the tallies and the list's
-- version.
create or replace function app.forget_webhook_logs(organizations uuid[], created_ats timestamptz[], ids uuid[]) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    shared_organizations uuid[];
    shared_created_ats timestamptz[];
    shared_ids uuid[];
begin
    -- Before the payloads: retention deletes them in another order. Cleanups and other erasures have different logs.
    perform pg_advisory_xact_lock_shared(hashtext('app.webhook_payload'));
    with gone as (
        delete from app.webhook_payload p
        using unnest(organizations, created_ats, ids) as l (organization_id, created_at, id)
        where p.organization_id = l.organization_id and p.created_at = l.created_at and p.log_id = l.id
        returning p.organization_id, p.created_at, p.delivery_id
    )
    select array_agg(g.organization_id), array_agg(g.created_at), array_agg(g.delivery_id) into shared_organizations, shared_created_ats, shared_ids
    from (select distinct g.organization_id, g.created_at, g.delivery_id from gone g where g.delivery_id is not null) g;

    delete from app.webhook_delivery v
    using unnest(shared_organizations, shared_created_ats, shared_ids) as d (organization_id, created_at, id)
    where v.organization_id = d.organization_id and v.created_at = d.created_at and v.id = d.id and not exists (
        select from app.webhook_payload p
        where p.organization_id = d.organization_id and p.created_at = d.created_at and p.delivery_id = d.id);

    update app.webhook_log w set
        contact_id = null,
        contact_email = null,
        contact_email_norm = null,
        status = case when w.status = 'processed' then w.status else 'ignored' end,
        due_at = null,
        error_code = case when w.status <> 'processed' then 'contact_erased' end,
        error_message = case when w.status <> 'processed'
            then 'The data of the person was erased, and the payload with it. The event has no effect.' end
    from unnest(organizations, created_ats, ids) as l (organization_id, created_at, id)
    where w.organization_id = l.organization_id and w.created_at = l.created_at and w.id = l.id;
end
$$;

revoke all on function app.forget_webhook_logs(uuid[], timestamptz[], uuid[]) from public;
grant execute on function app.forget_webhook_logs(uuid[], timestamptz[], uuid[]) to salesbrain_platform;
