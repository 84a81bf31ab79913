-- The effects without those of people who were erased after the event had been received; their logs are ignored from now on. Only an
-- address that the organization does not know can be one of them.
create or replace function app.without_erased(effects app.webhook_effect[], targets app.webhook_target[]) returns app.webhook_effect[]
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    organizations uuid[];
    created_ats timestamptz[];
    ids uuid[];
begin
    select array_agg(e.organization_id), array_agg(e.log_created_at), array_agg(e.log_id) into organizations, created_ats, ids
    from unnest(effects, targets) as e
    where e.contact_id is null and e.email_hashes is not null and exists (
        select from app.erased_contact x
        where x.organization_id = e.organization_id and x.hash = any (e.email_hashes) and x.erased_at >= e.log_created_at);
    if ids is null then
        return effects;
    end if;
    perform app.forget_webhook_logs(organizations, created_ats, ids);
    return array(select e from unnest(effects) as e where e.log_id <> all (ids));
end
$$;

revoke all on function app.without_erased(app.webhook_effect[], app.webhook_target[]) from public;
grant execute on function app.without_erased(app.webhook_effect[], app.webhook_target[]) to salesbrain_platform;
