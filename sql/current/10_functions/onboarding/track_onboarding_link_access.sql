-- Records an access to the link of a token as a click and returns whether there is an active link. For SQL users: the app never sends a
-- token to the database and calls app.note_onboarding_link_access with its hash.
create or replace function app.track_onboarding_link_access(token text, ip inet, user_agent text) returns boolean
language sql volatile
set search_path = pg_catalog, pg_temp
as $$
    select app.note_onboarding_link_access(sha256(convert_to(token, 'UTF8')), ip, user_agent)
$$;

revoke all on function app.track_onboarding_link_access(text, inet, text) from public;
grant execute on function app.track_onboarding_link_access(text, inet, text) to salesbrain_platform;
