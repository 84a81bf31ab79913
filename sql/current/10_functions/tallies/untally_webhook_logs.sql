-- Subtracts a month's webhook logs from the tallies, for app.drop_month_partition, because dropping a partition fires no triggers. The
-- caller has locked the partition, so no logs are added. Only appends changes, so it does not conflict with folding.
create or replace function app.untally_webhook_logs(month timestamptz) returns void
language sql
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
    with span as (
        select date_trunc('month', month) as starts_at, date_trunc('month', month) + interval '1 month' as ends_at
    )
    insert into app.tally_change (organization_id, subject, hour, status, event_source, event_type, latency, change)
    select t.organization_id, 'webhook_log', t.starts_at, c.status, c.event_source, c.event_type, c.latency, -c.total
    from span s
    join app.webhook_log_tally t on t.period = 'hour' and t.starts_at >= s.starts_at and t.starts_at < s.ends_at
    cross join lateral (
        select v.status, null as event_source, null as event_type, null::smallint as latency, v.total
        from (values ('pending', t.pending), ('processed', t.processed), ('ignored', t.ignored), ('failed', t.failed), ('dead', t.dead))
            as v (status, total)
        union all
        select null, e.key, null, null, e.value::bigint from jsonb_each_text(t.by_source) e
        union all
        select null, null, e.key, null, e.value::bigint from jsonb_each_text(t.by_type) e
        union all
        select null, null, null, e.key::smallint, e.value::bigint from jsonb_each_text(t.by_latency) e
    ) c
    where c.total <> 0
    union all
    select c.organization_id, 'webhook_log', c.hour, c.status, c.event_source, c.event_type, c.latency, -c.change
    from span s
    join app.tally_change c on c.subject = 'webhook_log' and c.hour >= s.starts_at and c.hour < s.ends_at
$$;

revoke all on function app.untally_webhook_logs(timestamptz) from public;
