-- A label of a domain in Punycode (RFC 3492), without xn--.
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
