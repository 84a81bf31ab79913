-- Finds a presented set-password token and locks it until the transaction ends, so that of two concurrent uses one fails. No row for an
-- unknown token. The only reader of the hashes of set-password tokens.
create or replace function app.open_password_token(token_hash bytea)
returns table (id uuid, user_id uuid, organization_id uuid, purpose text, expires_at timestamptz, used_at timestamptz, status text, role text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform from app.password_token t where t.token_hash = open_password_token.token_hash for no key update;

    return query
    select t.id, t.user_id, t.organization_id, t.purpose, t.expires_at, t.used_at, u.status, u.role
    from app.password_token t
    join app.user u on u.id = t.user_id
    where t.token_hash = open_password_token.token_hash;
end
$$;

revoke all on function app.open_password_token(bytea) from public;
grant execute on function app.open_password_token(bytea) to salesbrain_platform;
