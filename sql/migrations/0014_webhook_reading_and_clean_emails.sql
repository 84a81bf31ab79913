-- How an endpoint reads what it is sent: its own names of event types, and where the fields of an event are (JSON Pointers).
alter table app.webhook_endpoint
    add column type_aliases jsonb not null default '{}',
    add column field_paths jsonb not null default '{}',
    -- When one of the two changed last: logs that were read before may be retried although they are ignored.
    add column reading_changed_at timestamptz,
    add constraint webhook_endpoint_type_aliases_check check (jsonb_typeof(type_aliases) = 'object'),
    add constraint webhook_endpoint_field_paths_check check (jsonb_typeof(field_paths) = 'object');

-- Addresses that were stored before they were cleaned. The functions are those of sql/current at the time of this migration.
create or replace function app.blanks() returns text
language sql immutable parallel safe
return e'\t\n\x0B\f\r \u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000';

create or replace function app.seen_text(given text) returns text
language sql immutable strict parallel safe
return normalize(
    translate(
        regexp_replace(
            given,
            '[\u00AD\u034F\u0600-\u0605\u061C\u06DD\u070F\u0890-\u0891\u08E2\u115F-\u1160\u17B4-\u17B5\u180B-\u180F\u200B-\u200F'
            '\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\U000110BD\U000110CD\U00013430-\U0001343F\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0000-\U000E0FFF]',
            '', 'g'),
        '！＂＃＄％＆＇（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ［＼］＾＿｀ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～'
        '﹫。｡',
        '!"#$%&''()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~'
        '@..'),
    nfc);

create or replace function app.decoded_text(given text) returns text
language plpgsql immutable strict parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    utf8 constant text := '^(0[1-9A-F]|[1-7].|(C[2-9A-F]|D.)[89AB].|E0[AB].[89AB].|(E[1-9ABCEF])([89AB].){2}|ED[89].[89AB].'
        || '|F0[9AB].([89AB].){2}|F[1-3]([89AB].){3}|F48.([89AB].){2})+$';
    decoded text := given;
    current text;
begin
    loop
        current := decoded;
        exit when strpos(current, '%') = 0 or exists (
            select from regexp_matches(current, '(?:%[0-9A-Fa-f]{2})+', 'g') as m (run)
            where upper(replace(m.run[1], '%', '')) !~ utf8);
        decoded := app.seen_text((
            select string_agg(
                case when m.part[1] is null then m.part[2] else convert_from(decode(replace(m.part[1], '%', ''), 'hex'), 'UTF8') end,
                '' order by m.ordinality)
            from regexp_matches(current, '((?:%[0-9A-Fa-f]{2})+)|([^%]+|%)', 'g') with ordinality as m (part, ordinality)));
        exit when decoded = current;
    end loop;
    return decoded;
end
$$;

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

create or replace function app.punycode(label text) returns text
language plpgsql immutable strict parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    digits constant text := 'abcdefghijklmnopqrstuvwxyz0123456789';
    points constant integer[] := array(select ascii(c) from unnest(string_to_array(label, null)) with ordinality as u (c, number) order by number);
    encoded text := regexp_replace(label, '[^\u0001-\u007F]', '', 'g');
    basic constant integer := length(encoded);
    handled integer := basic;
    next integer := 128;
    smallest integer;
    delta integer := 0;
    bias integer := 72;
    point integer;
    rest integer;
    k integer;
    threshold integer;
begin
    if basic > 0 then
        encoded := encoded || '-';
    end if;
    while handled < cardinality(points) loop
        select min(p) into smallest from unnest(points) as p where p >= next;
        delta := delta + (smallest - next) * (handled + 1);
        next := smallest;
        foreach point in array points loop
            if point < next then
                delta := delta + 1;
            elsif point = next then
                rest := delta;
                k := 36;
                loop
                    threshold := least(greatest(k - bias, 1), 26);
                    exit when rest < threshold;
                    encoded := encoded || substr(digits, threshold + (rest - threshold) % (36 - threshold) + 1, 1);
                    rest := (rest - threshold) / (36 - threshold);
                    k := k + 36;
                end loop;
                encoded := encoded || substr(digits, rest + 1, 1);
                delta := case when handled = basic then delta / 700 else delta / 2 end;
                delta := delta + delta / (handled + 1);
                bias := 0;
                while delta > 455 loop
                    delta := delta / 35;
                    bias := bias + 36;
                end loop;
                bias := bias + 36 * delta / (delta + 38);
                delta := 0;
                handled := handled + 1;
            end if;
        end loop;
        delta := delta + 1;
        next := next + 1;
    end loop;
    return encoded;
end
$$;

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

create or replace function app.email_norm(address text) returns text
language sql immutable strict parallel safe
return normalize(lower(address collate pg_c_utf8), nfc);

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

-- A contact or user whose cleaned address another one has, or who has the same as an older one, keeps the address as it is.
with cleaned as materialized (
    select k.id, k.organization_id, k.created_at, app.clean_email(k.email) as email
    from app.contact k
    where k.email_norm !~ '^[a-z0-9+_-]+(\.[a-z0-9+_-]+)*@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,63}$'
), best as (
    select distinct on (c.organization_id, app.email_norm(c.email)) c.id, c.organization_id, c.email, app.email_norm(c.email) as email_norm
    from cleaned c
    where c.email is not null
    order by c.organization_id, app.email_norm(c.email), c.created_at, c.id
)
update app.contact k set email = b.email, email_norm = b.email_norm
from best b
where k.organization_id = b.organization_id and k.id = b.id and k.email_norm <> b.email_norm
    and not exists (select from app.contact o where o.organization_id = b.organization_id and o.email_norm = b.email_norm);

with cleaned as materialized (
    select u.id, u.created_at, app.clean_email(u.email) as email
    from app.user u
    where u.email_norm !~ '^[a-z0-9+_-]+(\.[a-z0-9+_-]+)*@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,63}$'
), best as (
    select distinct on (app.email_norm(c.email)) c.id, c.email, app.email_norm(c.email) as email_norm
    from cleaned c
    where c.email is not null
    order by app.email_norm(c.email), c.created_at, c.id
)
update app.user u set email = b.email, email_norm = b.email_norm
from best b
where u.id = b.id and u.email_norm <> b.email_norm and not exists (select from app.user o where o.email_norm = b.email_norm);
