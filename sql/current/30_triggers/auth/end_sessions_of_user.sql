-- Ends the sessions, password links and pending e-mail change of a disabled user, so that they stay invalid when the user is enabled again.
create or replace function app.end_sessions_of_user() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    -- In order: two that end the same sessions wait for one another instead of deadlocking.
    perform from app.refresh_token t where t.user_id = new.id and t.id = t.family_id and t.revoked_at is null order by t.id for no key update;
    update app.refresh_token t set revoked_at = now() where t.user_id = new.id and t.id = t.family_id and t.revoked_at is null;
    update app.password_token t set used_at = now() where t.user_id = new.id and t.used_at is null;
    delete from app.email_change c where c.user_id = new.id;
    return null;
end
$$;

revoke all on function app.end_sessions_of_user() from public;

create or replace trigger end_sessions_of_user after update of status on app.user
    for each row when (new.status = 'disabled' and old.status <> 'disabled') execute function app.end_sessions_of_user();
