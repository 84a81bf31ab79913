-- A bare address with its domain in ASCII; null if it is not deliverable. A step of app.clean_email.
create or replace function app.read_email(bare text) returns text
language plpgsql immutable strict parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    local_part constant text := split_part(bare, '@', 1);
    domain constant text := app.ascii_domain(substr(bare, length(local_part) + 2));
begin
    return case
        when domain is not null
            and local_part ~ '^([A-Za-z0-9!#$%&''*+/=?^_`{|}~.-]|[^\u0001-\u009F\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFFFD])+$'
            and local_part !~ '^\.|\.$|\.\.'
            and greatest(octet_length(local_part), octet_length(app.email_norm(local_part))) <= least(64, 253 - length(domain))
        then local_part || '@' || domain end;
end
$$;
