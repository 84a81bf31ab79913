-- A domain in lower case and in its ASCII form (IDNA); null if no mail server can have it. The same as Emails.AsciiDomain in C#.
create or replace function app.ascii_domain(domain text) returns text
language plpgsql immutable strict parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    labels text[] := string_to_array(normalize(lower(normalize(domain, nfkc) collate pg_c_utf8), nfkc), '.');
    label text;
    number integer;
begin
    if cardinality(labels) < 2 then
        return null;
    end if;
    for number in 1 .. cardinality(labels) loop
        label := labels[number];
        if label !~ '^([a-z0-9-]|[^\u0001-\u009F\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFFFD])+$' or label ~ '^-|-$' then
            return null;
        end if;
        if label ~ '[^\u0001-\u007F]' then
            label := 'xn--' || app.punycode(label);
        end if;
        if length(label) > 63 then
            return null;
        end if;
        labels[number] := label;
    end loop;
    return case when labels[cardinality(labels)] ~ '[^0-9]' then array_to_string(labels, '.') end;
end
$$;
