using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Analytics;

/// <summary>
/// What the statements of all reports have in common. A report is one statement, so all its numbers are of one snapshot; each of its parts
/// is a row with an array as JSON.
/// </summary>
internal static class AnalyticsStatements
{
    /// <summary>The organization (one row, or none if the session does not see it) and its period.</summary>
    internal const string Period = """
        place as (
            select o.id as organization_id, case when app.is_time_zone(coalesce(@timeZone, o.timezone)) then coalesce(@timeZone, o.timezone) end as time_zone
            from app.organization o
            where o.id = coalesce(@organization::uuid, (select c.organization_id from app.campaign c where c.id = @campaign))
        ), period as (
            select g.organization_id, g.time_zone, coalesce(g.time_zone, 'UTC') as zone, p.*
            from place g
            cross join lateral app.report_period(coalesce(g.time_zone, 'UTC'), @now, @days, @fromDate, @fromAt, @toDate, @toAt) p
        )
        """;

    /// <summary>The numbers of the period by kind (<see cref="MetricCount"/>).</summary>
    internal const string Counts = """
        select c.*
        from period p
        cross join lateral app.analytics_counts(
            p.organization_id, @agency, @client, @campaign, p.zone, @grouping, p.local_from, p.local_to, p.starts_at, p.ends_at,
            p.previous_local_from, p.previous_starts_at, @wholeDays) c
        """;

    /// <summary><see cref="Counts"/>, named as <see cref="CountParts"/> needs it.</summary>
    internal const string Counted = $"""
        counted as materialized (
            {Counts}
        )
        """;

    /// <summary>The parts <c>counts</c> and <c>buckets</c>.</summary>
    internal const string CountParts = """
        select 'counts' as name, (select json_agg(row_to_json(c))::text from counted c) as rows
        union all
        select 'buckets', (
            select json_agg(row_to_json(b) order by b.starts_on)::text
            from period p
            cross join lateral app.report_buckets(@grouping, p.local_from, p.local_to) b)
        """;

    /// <summary>The leads that are not deleted and in scope, as <c>l</c> after <c>period p</c>.</summary>
    internal const string InScope = """
        l.organization_id = p.organization_id and l.deleted_at is null and (@agency::uuid is null or l.agency_id = @agency)
        and (@client::uuid is null or l.client_id = @client) and (@campaign::uuid is null or l.campaign_id = @campaign)
        """;

    /// <summary>
    /// Deals by what they have in common: won in the period (converted, by the time of closing), in the period before only their total, and
    /// open now (neither converted nor rejected).
    /// </summary>
    internal const string DealsPart = $"""
        select 'deals', (
            select json_agg(row_to_json(r) order by r.state, r.dimension, r.currency, r.amount desc, r.key)::text
            from (
                select v.state, v.dimension, v.key, case v.dimension when 'campaign' then g.name when 'source' then v.key else u.name end as label, v.currency,
                    v.amount, v.leads
                from (
                    select d.state, d.currency, d.amount, d.leads,
                        case d.grouped when 15 then 'total' when 7 then 'campaign' when 11 then 'source' when 13 then 'assignee' else 'bucket' end as dimension,
                        coalesce(d.campaign_id::text, d.source, d.assigned_to::text, d.starts_on::text) as key
                    from (
                        select n.state, n.currency, n.campaign_id, n.source, n.assigned_to, n.starts_on, sum(n.amount) as amount, count(*) as leads,
                            grouping(n.campaign_id, n.source, n.assigned_to, n.starts_on) as grouped
                        from (
                            select 'won' as state, coalesce(l.deal_currency, 'unknown') as currency, l.deal_amount as amount, l.campaign_id, l.source, l.assigned_to,
                                date_trunc(@grouping, l.closed_at at time zone p.zone)::date as starts_on
                            from period p
                            join app.lead l on l.deal_amount is not null and l.status = 'converted' and l.closed_at >= p.starts_at and l.closed_at < p.ends_at
                                and {InScope}
                        ) n
                        group by n.state, n.currency, grouping sets ((), (n.campaign_id), (n.source), (n.assigned_to), (n.starts_on))
                    ) d
                    union all
                    select 'previously_won', coalesce(l.deal_currency, 'unknown'), sum(l.deal_amount), count(*), 'total', null
                    from period p
                    join app.lead l on l.deal_amount is not null and l.status = 'converted' and l.closed_at >= p.previous_starts_at
                        and l.closed_at < p.starts_at and {InScope}
                    group by 2
                    union all
                    select 'open', g.currency, g.amount, g.leads, g.field, nullif(g.key, '')
                    from period p
                    cross join lateral app.analytics_groups(
                        p.organization_id, @agency, @client, @campaign, array['total', 'campaign', 'source', 'assignee'], true) g
                ) v
                cross join period p
                left join app.campaign g on v.dimension = 'campaign' and g.organization_id = p.organization_id and g.id::text = v.key
                left join lateral (
                    select coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as name
                    from app.user u
                    where v.dimension = 'assignee' and u.organization_id = p.organization_id and u.id::text = v.key
                ) u on true
            ) r)
        """;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new UtcTimes() },
    };

    /// <summary>Runs a report's statement.</summary>
    internal static async Task<ReportParts> ReadAsync(
        DatabaseSession session, AnalyticsFilter filter, string sql, object? more, CancellationToken cancellationToken)
    {
        var parameters = new DynamicParameters(filter.Parameters(session));
        if (more is not null)
        {
            parameters.AddDynamicParams(more);
        }
        var rows = await session.QueryAsync<Part>(sql, parameters, cancellationToken);
        return new ReportParts(rows.ToDictionary(row => row.Name, row => row.Rows, StringComparer.Ordinal));
    }

    internal static IReadOnlyList<TRow> Parse<TRow>(string? rows) => rows is null ? [] : JsonSerializer.Deserialize<TRow[]>(rows, Json)!;

    private sealed record Part
    {
        public string Name { get; init; } = "";
        public string? Rows { get; init; }
    }

    private sealed class UtcTimes : JsonConverter<DateTime>
    {
        public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetDateTimeOffset().UtcDateTime;

        public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
            throw new NotSupportedException();
    }
}

/// <summary>The parts of a report by name.</summary>
public sealed class ReportParts(IReadOnlyDictionary<string, string?> parts)
{
    /// <summary>The rows of a part.</summary>
    public IReadOnlyList<TRow> Rows<TRow>(string part) => AnalyticsStatements.Parse<TRow>(parts[part]);
}
