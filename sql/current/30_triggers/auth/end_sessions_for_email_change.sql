-- Ends the sessions of a user whose e-mail address somebody else changes: the account may be handed to another person.
create or replace function app.end_sessions_for_email_change() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    -- In order: two that end the same sessions wait for one another instead of deadlocking.
    perform from app.refresh_token t where t.user_id = new.user_id and t.id = t.family_id and t.revoked_at is null order by t.id for no key update;
    update app.refresh_token t set revoked_at = now() where t.user_id = new.user_id and t.id = t.family_id and t.revoked_at is null;
    return null;
end
$$;

revoke all on function app.end_sessions_for_email_change() from public;

create or replace trigger end_sessions_for_email_change after insert on app.email_change
    for each row when (new.requested_by <> new.user_id) execute function app.end_sessions_for_email_change();
