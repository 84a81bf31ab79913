-- Returns the data that a sign-in needs, before the organization is known. The only reader of password hashes.
create or replace function app.find_sign_in(email_norm text)
returns table (
    id uuid, organization_id uuid, email text, first_name text, last_name text, role text, agency_id uuid, client_id uuid,
    status text, password_hash text, organization_status text)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select u.id, u.organization_id, u.email, u.first_name, u.last_name, u.role, u.agency_id, u.client_id,
           u.status, u.password_hash, o.status
    from app.user u
    left join app.organization o on o.id = u.organization_id
    where u.email_norm = find_sign_in.email_norm;
$$;

revoke all on function app.find_sign_in(text) from public;
grant execute on function app.find_sign_in(text) to salesbrain_platform;
