-- A text with its percent-encoding resolved as often as there is any. The same text if an encoding is not UTF-8. The same as
-- EmailText.Decoded in C#.
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
