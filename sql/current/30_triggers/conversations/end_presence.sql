-- An agent who signs out is not present any more. Another session that goes on says so again.
create or replace function app.end_presence() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update app.agent_presence p set present_until = new.revoked_at where p.organization_id = new.organization_id and p.user_id = new.user_id and p.present_until > new.revoked_at;
    return null;
end
$$;

revoke all on function app.end_presence() from public;

create or replace trigger end_presence after update of revoked_at on app.refresh_token
    for each row when (old.revoked_at is null and new.revoked_at is not null and new.id = new.family_id and new.organization_id is not null)
    execute function app.end_presence();
