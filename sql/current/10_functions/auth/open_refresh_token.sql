-- Finds a presented refresh token and locks its family until the transaction ends, so that concurrent uses and sign-outs of a family run
-- one after the other. No row for an unknown token. The only reader of the hashes of refresh tokens.
create or replace function app.open_refresh_token(token_hash bytea)
returns table (
    id uuid, family_id uuid, user_id uuid, organization_id uuid, expires_at timestamptz, rotated_at timestamptz, child_rotated boolean,
    family_created_at timestamptz, family_revoked_at timestamptz,
    role text, agency_id uuid, client_id uuid, status text, organization_status text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform from app.refresh_token f
    where f.id = (select t.family_id from app.refresh_token t where t.token_hash = open_refresh_token.token_hash)
    for no key update;

    -- A separate statement, so that it sees the changes of the previous lock holder.
    return query
    select t.id, t.family_id, t.user_id, t.organization_id, t.expires_at, t.rotated_at,
        exists (select from app.refresh_token c where c.family_id = t.family_id and c.parent_id = t.id and c.rotated_at is not null),
        f.created_at, f.revoked_at,
        u.role, u.agency_id, u.client_id, u.status, o.status
    from app.refresh_token t
    join app.refresh_token f on f.id = t.family_id
    join app.user u on u.id = t.user_id
    left join app.organization o on o.id = u.organization_id
    where t.token_hash = open_refresh_token.token_hash;
end
$$;

revoke all on function app.open_refresh_token(bytea) from public;
grant execute on function app.open_refresh_token(bytea) to salesbrain_platform;
