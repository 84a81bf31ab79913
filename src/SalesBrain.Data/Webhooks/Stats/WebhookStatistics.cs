using SalesBrain.Core.Webhooks.Stats;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Webhooks.Stats;

/// <summary>
/// How many webhook logs there are, by what they have in common. Always what counting the logs would give at that moment.
/// </summary>
public static class WebhookStatistics
{
    /// <summary>Maximum number of types that are counted separately, because senders can invent types.</summary>
    public const int MaxTypes = 100;

    /// <summary>
    /// Counts the logs of a range: for the session's organization or, in a platform session, for one organization or (null) all. Reads the
    /// counters, the changes not yet summed, and at most two hours of logs, in one statement and therefore one snapshot.
    /// </summary>
    public static Task<List<WebhookCount>> CountAsync(
        DatabaseSession session, StatsRange range, Guid? organizationId, CancellationToken cancellationToken)
    {
        var series = range.Slices(byDay: range.Interval == StatsInterval.Day);
        var slices = range.Slices(byDay: true);
        var edges = range.Edges();
        return session.QueryAsync<WebhookCount>("""
            with organization as (
                select o.id from app.organization o
                where (@org::uuid is null or o.id = @org) and (@organizationId::uuid is null or o.id = @organizationId)
            ), loose as (
                select c.hour, c.status, c.event_source, c.event_type, c.latency, c.change as total
                from organization o
                join app.tally_change c on c.organization_id = o.id
                where c.subject = 'webhook_log' and c.hour >= @FirstHour and c.hour < @EndHour
                union all
                select l.hour, l.status, l.event_source, l.event_type, l.latency, l.total
                from organization o
                cross join unnest(@edgeStarts, @edgeEnds) as e (starts_at, ends_at)
                cross join lateral (
                    select date_bin('1 hour', l.created_at, 'epoch') as hour, l.status, l.event_source, l.event_type,
                        case when l.status = 'processed' then app.latency_bucket(l.processing_ms) end as latency, count(*) as total
                    from app.webhook_log l
                    where l.organization_id = o.id and l.created_at >= e.starts_at and l.created_at < e.ends_at
                    group by 1, 2, 3, 4, 5) l
            ), tally as (
                select date_bin(@Width, t.starts_at, 'epoch') as bucket, sum(t.pending) as pending, sum(t.processed) as processed,
                    sum(t.ignored) as ignored, sum(t.failed) as failed, sum(t.dead) as dead
                from organization o
                cross join unnest(@seriesPeriods, @seriesStarts, @seriesEnds) as s (period, starts_at, ends_at)
                cross join lateral (
                    select t.starts_at, t.pending, t.processed, t.ignored, t.failed, t.dead
                    from app.webhook_log_tally t
                    where t.organization_id = o.id and t.period = s.period and t.starts_at >= s.starts_at and t.starts_at < s.ends_at) t
                group by 1
            ), part as (
                select 'status' as dimension, t.bucket, v.value, v.total
                from tally t
                cross join lateral (values
                    ('pending', t.pending), ('processed', t.processed), ('ignored', t.ignored), ('failed', t.failed), ('dead', t.dead))
                    as v (value, total)
                union all
                select m.dimension, null, m.value, m.total
                from organization o
                cross join unnest(@periods, @starts, @ends) as s (period, starts_at, ends_at)
                cross join lateral (
                    select t.by_source, t.by_type, t.by_latency
                    from app.webhook_log_tally t
                    where t.organization_id = o.id and t.period = s.period and t.starts_at >= s.starts_at and t.starts_at < s.ends_at) t
                cross join lateral (
                    select 'source' as dimension, e.key as value, e.value::bigint as total from jsonb_each_text(t.by_source) e
                    union all
                    select 'type', e.key, e.value::bigint from jsonb_each_text(t.by_type) e
                    union all
                    select 'latency', e.key, e.value::bigint from jsonb_each_text(t.by_latency) e) m
                union all
                select v.dimension, case when v.dimension = 'status' then date_bin(@Width, l.hour, 'epoch') end, v.value, l.total
                from loose l
                cross join lateral (values
                    ('status', l.status), ('source', l.event_source), ('type', l.event_type), ('latency', l.latency::text))
                    as v (dimension, value)
                where v.value is not null
            ), ranked as (
                select p.dimension, p.bucket, p.value, sum(p.total)::bigint as total,
                    row_number() over (partition by p.dimension order by sum(p.total) desc, p.value) as rank
                from part p
                group by 1, 2, 3
                having sum(p.total) <> 0
            )
            select r.dimension, r.bucket, r.value, r.total
            from ranked r
            where r.dimension <> 'type' or r.rank <= @MaxTypes
            order by r.dimension, r.rank
            """, new
        {
            org = session.OrganizationId,
            organizationId,
            range.FirstHour,
            range.EndHour,
            range.Width,
            seriesPeriods = series.Select(slice => slice.Period).ToArray(),
            seriesStarts = series.Select(slice => slice.From).ToArray(),
            seriesEnds = series.Select(slice => slice.To).ToArray(),
            periods = slices.Select(slice => slice.Period).ToArray(),
            starts = slices.Select(slice => slice.From).ToArray(),
            ends = slices.Select(slice => slice.To).ToArray(),
            edgeStarts = edges.Select(edge => edge.From).ToArray(),
            edgeEnds = edges.Select(edge => edge.To).ToArray(),
            MaxTypes,
        }, cancellationToken);
    }
}

/// <summary>
/// A count of logs that have a value in one dimension: <c>status</c> (by bucket), <c>source</c>, <c>type</c>, or <c>latency</c> (a class of
/// <see cref="LatencyHistogram"/>, processed logs only). The value is empty for types that are not told apart.
/// </summary>
public sealed record WebhookCount
{
    public string Dimension { get; init; } = "";

    /// <summary>Null except by status.</summary>
    public DateTime? Bucket { get; init; }
    public string Value { get; init; } = "";
    public long Total { get; init; }
}
