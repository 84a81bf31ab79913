-- Locks the contacts of targets, so that none is merged or erased before the commit. A merge locks contacts before anything that belongs to
-- them, so call this before conversations and leads are locked.
create or replace function app.lock_whatsapp_contacts(targets app.whatsapp_target[]) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    contacts constant uuid[] := array(select distinct t.contact_id from unnest(targets) t where t.contact_id is not null);
    locked integer;
begin
    select count(*) into locked
    from (select from app.contact k where k.id = any (contacts) order by k.id for key share) l;
    if locked < cardinality(contacts) then
        raise serialization_failure using message = 'a contact was merged or erased while its message was processed';
    end if;
end
$$;

revoke all on function app.lock_whatsapp_contacts(app.whatsapp_target[]) from public;
grant execute on function app.lock_whatsapp_contacts(app.whatsapp_target[]) to salesbrain_platform;
