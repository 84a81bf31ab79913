using SalesBrain.Core.Analytics;
using SalesBrain.Core.Values;
using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Analytics;

/// <summary>What happened in one campaign during a period, counted from its activities and its leads.</summary>
public static class CampaignAnalytics
{
    private static readonly EventType[] Counted = [.. EventTypes.All.Where(type => type.Counter is not null)];

    /// <summary>
    /// Counts a campaign's period, the previous period and the buckets, in one round trip and one snapshot. Only leads that are not deleted count. Null
    /// if the session cannot see the campaign. <paramref name="timeZone"/> null: the organization's. A time zone that the server does not know gives
    /// <see cref="CampaignPeriodCounts.TimeZone"/> null.
    /// </summary>
    public static Task<CampaignPeriodCounts?> CountAsync(
        DatabaseSession session, Guid campaignId, ReportPeriod period, string? timeZone, DateTime now, CancellationToken cancellationToken)
    {
        const string Period = """
            campaign as (
                select c.id, c.organization_id, case when app.is_time_zone(coalesce(@timeZone, o.timezone)) then coalesce(@timeZone, o.timezone) end as zone
                from app.campaign c
                join app.organization o on o.id = c.organization_id
                where c.id = @campaignId and c.deleted_at is null and (@org::uuid is null or c.organization_id = @org)
                    and (@agency::uuid is null or c.agency_id = @agency) and (@client::uuid is null or c.client_id = @client)
            ), period as (
                select c.id, c.organization_id, c.zone, p.*
                from campaign c
                cross join lateral app.report_period(coalesce(c.zone, 'UTC'), @now, @days, @fromDate, @fromAt, @toDate, @toAt) p
            )
            """;
        var scope = SessionScope.Of(session);
        return session.QueryMultipleAsync($"""
            with {Period}
            select p.zone as time_zone, p.starts_at, p.ends_at, p.previous_starts_at,
                (select count(*) from app.lead l
                 where l.organization_id = p.organization_id and l.campaign_id = p.id and l.deleted_at is null and l.created_at < p.ends_at) as leads,
                (select count(*) from app.lead l
                 where l.organization_id = p.organization_id and l.campaign_id = p.id and l.deleted_at is null and l.created_at < p.starts_at)
                    as previous_leads
            from period p;

            with {Period}
            select b.starts_on, b.is_partial
            from period p
            cross join lateral app.report_buckets(@grouping, p.local_from, p.local_to) b;

            with {Period}, member as (
                select l.organization_id, l.id, l.created_at
                from period p
                join app.lead l on l.organization_id = p.organization_id and l.campaign_id = p.id and l.deleted_at is null
            ), fact as (
                select t.counter as metric, a.lead_id, a.occurred_at as at
                from period p
                join app.activity a on a.organization_id = p.organization_id and a.campaign_id = p.id
                    and a.occurred_at >= p.previous_starts_at and a.occurred_at < p.ends_at
                join unnest(@types, @counters) as t (activity_type, counter) on t.activity_type = a.activity_type
                join member m on m.organization_id = a.organization_id and m.id = a.lead_id
                union all
                select s.status, s.lead_id, s.at
                from period p
                cross join member m
                join app.lead_status_change s on s.organization_id = m.organization_id and s.lead_id = m.id
                where s.status in ('qualified', 'converted') and s.at >= p.previous_starts_at and s.at < p.ends_at
                union all
                select 'new', m.id, m.created_at
                from period p
                join member m on m.created_at >= p.previous_starts_at and m.created_at < p.ends_at
            ), placed as (
                select f.metric, f.lead_id, f.at < p.starts_at as is_previous,
                    case when f.at >= p.starts_at then date_trunc(@grouping, f.at at time zone coalesce(p.zone, 'UTC'))::date end as starts_on
                from fact f
                cross join period p
            )
            select is_previous, starts_on, metric, count(*) as events, count(distinct lead_id) as leads
            from placed
            group by grouping sets ((is_previous, metric), (is_previous, starts_on, metric))
            having grouping(starts_on) = 1 or starts_on is not null
            """, new
        {
            campaignId,
            org = scope.OrganizationId,
            agency = scope.AgencyId,
            client = scope.ClientId,
            timeZone,
            now,
            days = period.Days,
            fromDate = period.From?.Date,
            fromAt = period.From?.Instant,
            toDate = period.To?.Date,
            toAt = period.To?.Instant,
            grouping = period.Grouping.ToWireName(),
            types = Counted.Select(type => type.Name).ToArray(),
            counters = Counted.Select(type => type.Counter!).ToArray(),
        }, async (results, token) =>
        {
            var resolved = (await results.ReadAsync<CampaignPeriodCounts>(token)).SingleOrDefault();
            var buckets = await results.ReadAsync<ReportBucket>(token);
            var counts = await results.ReadAsync<MetricCount>(token);
            return resolved is null ? null : resolved with { Buckets = buckets, Counts = counts };
        }, cancellationToken);
    }
}

/// <summary>The resolved period of a report and its counts.</summary>
public sealed record CampaignPeriodCounts
{
    /// <summary>Null: the server does not know the time zone.</summary>
    public string? TimeZone { get; init; }
    public DateTime StartsAt { get; init; }
    public DateTime EndsAt { get; init; }
    public DateTime PreviousStartsAt { get; init; }

    /// <summary>Leads of the campaign that existed at the end of the period.</summary>
    public long Leads { get; init; }

    /// <summary>Leads of the campaign that existed at the end of the previous period.</summary>
    public long PreviousLeads { get; init; }
    public IReadOnlyList<ReportBucket> Buckets { get; init; } = [];
    public IReadOnlyList<MetricCount> Counts { get; init; } = [];
}

/// <summary>A bucket of a series.</summary>
public sealed record ReportBucket
{
    public DateOnly StartsOn { get; init; }
    public bool IsPartial { get; init; }
}

/// <summary>How often something happened, and to how many distinct leads, in a period or (<see cref="StartsOn"/>) in one of its buckets.</summary>
public sealed record MetricCount
{
    public bool IsPrevious { get; init; }
    public DateOnly? StartsOn { get; init; }

    /// <summary>A counter of <see cref="EventType.Counter"/>, <c>qualified</c>, <c>converted</c> or <c>new</c>.</summary>
    public string Metric { get; init; } = "";
    public long Events { get; init; }
    public long Leads { get; init; }
}
