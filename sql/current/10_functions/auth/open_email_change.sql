-- Finds the change of an e-mail address by the presented token and locks it until the transaction ends, so that of two concurrent uses one
-- fails. No row for an unknown token. The only reader of the hashes of these tokens.
create or replace function app.open_email_change(token_hash bytea)
returns table (user_id uuid, organization_id uuid, email text, email_norm text, requested_by uuid, expires_at timestamptz, status text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform from app.email_change c where c.token_hash = open_email_change.token_hash for no key update;

    -- A separate statement, so that it sees the changes of the previous lock holder.
    return query
    select c.user_id, c.organization_id, c.email, c.email_norm, c.requested_by, c.expires_at, u.status
    from app.email_change c
    join app.user u on u.id = c.user_id
    where c.token_hash = open_email_change.token_hash;
end
$$;

revoke all on function app.open_email_change(bytea) from public;
grant execute on function app.open_email_change(bytea) to salesbrain_platform;
