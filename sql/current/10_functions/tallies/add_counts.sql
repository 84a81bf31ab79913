-- Adds two maps of key → count and omits zero counts. At most `most` keys are kept; all others, and negative counts of missing keys, are
-- summed under ''.
create or replace function app.add_counts(old jsonb, change jsonb, most integer) returns jsonb
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(jsonb_object_agg(p.key, p.total), '{}')
    from (
        select case when k.total > 0 and k.rank <= most then k.key else '' end as key, sum(k.total) as total
        from (
            select e.key, sum(e.value::bigint) as total,
                row_number() over (order by bool_or(e.known) desc, sum(e.value::bigint) desc, e.key) as rank
            from (
                select o.key, o.value, true as known from jsonb_each_text(old) o
                union all
                select c.key, c.value, false from jsonb_each_text(change) c
            ) e
            group by e.key
        ) k
        group by 1
        having sum(k.total) <> 0
    ) p
$$;
