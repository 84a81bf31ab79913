-- A trimmed text without one of the things that stand around an e-mail address; the same text if there is none. A step of app.bare_email.
create or replace function app.without_decoration(given text) returns text
language plpgsql immutable strict parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    opening text;
    first integer;
    last integer;
    before text;
    inside text;
    behind text;
begin
    if given ~ '^[Mm][Aa][Ii][Ll][Tt][Oo]:' then
        return split_part(ltrim(substr(given, 8), '/'), '?', 1);
    end if;
    foreach opening in array array['<', '(', '['] loop
        first := strpos(given, opening);
        last := length(given) + 1 - strpos(reverse(given), translate(opening, '<([', '>)]'));
        continue when first = 0 or last > length(given) or last < first;
        before := left(given, first - 1);
        inside := substr(given, first + 1, last - first - 1);
        behind := substr(given, last + 1);
        -- In front of <address> a name may hold an @ if it is in quotes or has no separators.
        if strpos(inside, '@') > 0 and strpos(behind, '@') = 0
            and (strpos(before, '@') = 0 or (opening = '<' and btrim(before, app.blanks()) ~ '^".*"$|^[^,;]*$')) then
            return inside;
        end if;
        if opening = '(' and strpos(inside, '@') = 0 then
            -- A comment (RFC 5322, section 3.2.2).
            return before || ' ' || behind;
        end if;
    end loop;
    return case
        when length(given) < 2 then given
        when given ~ '^(["''`“”„‟«»‹›‘’‚‛「」『』【】〈〉《》].*["''`“”„‟«»‹›‘’‚‛「」『』【】〈〉《》]|\{.*\})$' then substr(given, 2, length(given) - 2)
        -- A quoted local part.
        when given ~ '^"[^"]+"@' then regexp_replace(given, '^"([^"]+)"', '\1')
        when given ~ '^[<(\[,;:"“”„‟«»‹›‘’‚‛「」『』【】〈〉《》]' then substr(given, 2)
        when given ~ '[>)\],;:.!?"''`“”„‟«»‹›‘’‚‛「」『』【】〈〉《》]$' then left(given, length(given) - 1)
        else given end;
end
$$;
