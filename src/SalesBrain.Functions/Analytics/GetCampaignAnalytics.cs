using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Analytics;
using SalesBrain.Data.Analytics;

namespace SalesBrain.Functions.Analytics;

/// <summary>
/// Returns what happened in one campaign during a period, compared with the period before. For callers who can see the campaign.
/// </summary>
public sealed class GetCampaignAnalytics(RequestPipeline pipeline)
{
    [Function(nameof(GetCampaignAnalytics))]
    [Operation("Campaigns", "Get a campaign's analytics", Description =
        "Totals and rates of a period, a series without gaps, and the period of the same number of days directly before. Days, weeks (from "
        + "Monday) and months are calendar units of the time zone. Default: the last 30 days including today. Only leads "
        + "that are not deleted count.")]
    [Requires(Capability.ReadCampaigns)]
    [Returns(200, typeof(CampaignReport))]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/campaigns/{campaignId:guid}/analytics")] HttpRequest request,
        Guid campaignId) =>
        pipeline.RunAsync<GetCampaignAnalytics, GetCampaignAnalyticsQuery>(request, async (call, input) =>
        {
            var (period, parameter, message) = ReportPeriod.Read(input.Range, input.DateFrom, input.DateTo, input.GroupBy, call.Now);
            if (period is null)
            {
                return Problems.InvalidMember(parameter, message);
            }
            var now = call.Now.UtcDateTime;
            var filter = new AnalyticsFilter(call.Caller.OrganizationId, null, null, campaignId, period, input.Tz, now);
            var session = call.Read();
            if (await AnalyticsCache.FindAsync(session, filter, "", call.CancellationToken) is not { HasCampaign: true } resolved)
            {
                return Problems.NotFound;
            }
            if (resolved.TimeZone is null)
            {
                return Problems.InvalidMember("tz", "must be the IANA name of a time zone, such as Europe/Paris");
            }
            return resolved.Buckets > ReportPeriod.MaxBuckets
                ? Problems.InvalidMember("date_from", $"must not be so early: a series has at most {ReportPeriod.MaxBuckets} buckets")
                : ApiResults.Ok(CampaignReport.Of(
                    campaignId, period.Grouping, resolved, await CampaignAnalytics.CountAsync(session, filter, call.CancellationToken),
                    now));
        });
}

public sealed record GetCampaignAnalyticsQuery : PeriodQuery;

/// <summary>What happened in a campaign during a period.</summary>
public sealed record CampaignReport
{
    public required Guid CampaignId { get; init; }
    public required ResolvedPeriod Resolved { get; init; }

    /// <summary>When the counts were made.</summary>
    public required DateTime AsOf { get; init; }
    public required CampaignPeriodTotals Totals { get; init; }
    public required CampaignPeriodRates Rates { get; init; }
    public required PreviousCampaignPeriod Previous { get; init; }

    /// <summary>The changes against the previous period.</summary>
    public required CampaignDeltas Deltas { get; init; }

    /// <summary>All buckets of the period, including empty ones. Distinct leads of buckets do not add up to those of the period.</summary>
    public required IReadOnlyList<CampaignBucket> Series { get; init; }

    internal static CampaignReport Of(Guid campaignId, ReportGrouping grouping, ResolvedReport resolved, ReportParts parts, DateTime now)
    {
        var numbers = ReportNumbers.Of(parts);
        return new()
        {
            CampaignId = campaignId,
            Resolved = new(resolved.StartsAt, resolved.EndsAt, resolved.TimeZone!, grouping),
            AsOf = now,
            Totals = numbers.Totals,
            Rates = numbers.Rates,
            Previous = new(resolved.PreviousStartsAt, resolved.StartsAt, numbers.PreviousTotals, numbers.PreviousRates),
            Deltas = numbers.Deltas,
            Series = numbers.Series,
        };
    }
}

/// <summary>The period as it was counted: from (inclusive) to (exclusive).</summary>
public sealed record ResolvedPeriod(DateTime From, DateTime To, string Tz, ReportGrouping GroupBy);

/// <summary>The same number of local days directly before the period.</summary>
public sealed record PreviousCampaignPeriod(DateTime From, DateTime To, CampaignPeriodTotals Totals, CampaignPeriodRates Rates);
