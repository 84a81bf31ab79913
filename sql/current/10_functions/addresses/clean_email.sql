-- The one deliverable e-mail address in a text such as "Jane <jane@acme.example>", its domain in ASCII; null if there is none.
-- app.email_norm gives what is compared of it. The same as Emails.Clean in C#: a test compares them.
create or replace function app.clean_email(given text) returns text
language plpgsql immutable strict parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    seen text;
    decoded text;
begin
    -- Most addresses have no decoration and only plain characters.
    if length(given) <= 254 and given ~ '^[A-Za-z0-9+_-]+(\.[A-Za-z0-9+_-]+)*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$'
        and strpos(given, '@') <= 65 then
        return given;
    end if;
    if octet_length(given) > 2000 then
        return null;
    end if;
    seen := app.seen_text(given);
    decoded := app.decoded_text(seen);
    -- A percent sign is allowed in a local part, so an address that decoding would break is taken as it is.
    return coalesce(
        app.read_email(app.bare_email(decoded)),
        case when decoded <> seen then app.read_email(btrim(seen, app.blanks())) end);
end
$$;
