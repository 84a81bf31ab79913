-- 32 characters of A–Z a–z 0–9, each equally likely: about 190 bits. The random bits come from version 4 UUIDs, which PostgreSQL takes from
-- its cryptographic generator. Bytes 6 and 8 are omitted, because they contain the version and the variant. Six bits are 0 to 63; 62 and 63
-- are discarded, because a modulo would favour two characters.
create or replace function app.generate_onboarding_token() returns text
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    alphabet constant text := 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
    token text := '';
    random bytea;
    six_bits integer;
begin
    while char_length(token) < 32 loop
        random := uuid_send(gen_random_uuid());
        for position in 0..15 loop
            six_bits := get_byte(random, position) & 63;
            if position not in (6, 8) and six_bits < 62 then
                token := token || substr(alphabet, six_bits + 1, 1);
            end if;
        end loop;
    end loop;
    return left(token, 32);
end
$$;

revoke all on function app.generate_onboarding_token() from public;
grant execute on function app.generate_onboarding_token() to salesbrain_tenant, salesbrain_platform;
