-- An address without a name, brackets, quotes, comments, mailto: and punctuation around it. The same as EmailText.Bare in C#.
create or replace function app.bare_email(given text) returns text
language plpgsql immutable strict parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    bare text := given;
    current text;
begin
    loop
        current := bare;
        bare := app.without_decoration(btrim(current, app.blanks()));
        exit when bare = current;
    end loop;
    return bare;
end
$$;
