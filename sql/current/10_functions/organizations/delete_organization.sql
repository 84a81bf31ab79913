-- Deletes an empty organization with its counters. Its audit log stays, visible only to the platform. A definer function, because no login
-- can write tallies or change the audit log. Fails if any other row references the organization.
create or replace function app.delete_organization(target uuid) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Waits for those who add up the same changes: they lock them in another order, and leave the work when they find the locks taken.
    perform pg_advisory_xact_lock(hashtext('app.fold_tally_changes'));
    perform pg_advisory_xact_lock(hashtext('app.fold_analytics'));
    update app.audit_log set organization_id = null where organization_id = target;
    delete from app.tally_change where organization_id = target;
    delete from app.organization_tally where organization_id = target;
    delete from app.webhook_log_tally where organization_id = target;
    delete from app.analytics_change where organization_id = target;
    delete from app.analytics_lead where organization_id = target;
    delete from app.analytics_day where organization_id = target;
    delete from app.analytics_version where organization_id = target;
    delete from app.analytics_zone where organization_id = target;
    delete from app.analytics_cache where organization_id = target;
    delete from app.webhook_log_version where organization_id = target;
    delete from app.webhook_receipt where organization_id = target;
    delete from app.webhook_delivery where organization_id = target;
    delete from app.webhook_rejection_count where organization_id = target;
    delete from app.erased_contact where organization_id = target;
    delete from app.tenant where organization_id = target;
    delete from app.organization where id = target;
end
$$;

revoke all on function app.delete_organization(uuid) from public;
grant execute on function app.delete_organization(uuid) to salesbrain_platform;
