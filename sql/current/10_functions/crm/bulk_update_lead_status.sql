-- Sets the status of leads, with an audit entry for each lead that changes, made by `user_id` (in a session of an organization: the
-- session's own user). Leads that are deleted, or that the session may not change, stay as they are. Returns the number of leads that
-- changed.
create or replace function app.bulk_update_lead_status(lead_ids uuid[], status text, user_id uuid) returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    changed integer;
begin
    with before as (
        select l.id, l.status
        from app.lead l
        where l.id = any (bulk_update_lead_status.lead_ids) and l.deleted_at is null and l.status <> bulk_update_lead_status.status
        order by l.id
        for no key update
    ), after as (
        update app.lead l set status = bulk_update_lead_status.status, updated_at = now()
        from before b
        where l.id = b.id
        returning l.organization_id, l.id, b.status as status_before, l.status as status_after
    ), written as (
        insert into app.audit_log (organization_id, actor_id, actor_role, action, entity, entity_id, changes)
        select a.organization_id, bulk_update_lead_status.user_id,
            (select u.role from app.user u where u.id = bulk_update_lead_status.user_id), 'lead.updated', 'lead', a.id,
            jsonb_build_object('before', jsonb_build_object('status', a.status_before), 'after', jsonb_build_object('status', a.status_after))
        from after a
    )
    select count(*) into changed from after;
    return changed;
end
$$;

revoke all on function app.bulk_update_lead_status(uuid[], text, uuid) from public;
grant execute on function app.bulk_update_lead_status(uuid[], text, uuid) to salesbrain_tenant, salesbrain_platform;
