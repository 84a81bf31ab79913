using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Analytics;
using SalesBrain.Data.Analytics;

namespace SalesBrain.Functions.Analytics;

/// <summary>
/// Returns what happened in one campaign during a period, compared with the period before. For callers who can see the campaign.
/// </summary>
public sealed class GetCampaignAnalytics(RequestPipeline pipeline, ReportPeriods periods)
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
            var errors = new InputErrors();
            var (period, zone) = await periods.ReadAsync(call, input, errors);
            if (period is null || errors.Any)
            {
                return Problems.InvalidInput(errors);
            }
            var now = call.Now.UtcDateTime;
            var filter = new AnalyticsFilter(
                call.Caller.OrganizationId, input.AgencyId, input.ClientId, campaignId, period, zone, now);
            var session = call.Read();
            if (await AnalyticsCache.FindAsync(session, filter, "", call.CancellationToken) is not { HasCampaign: true } resolved)
            {
                return Problems.NotFound;
            }
            if (resolved.TimeZone is null)
            {
                return Problems.InvalidMember("tz", ReportPeriods.ZoneRule);
            }
            return resolved.Buckets > ReportPeriod.MaxBuckets
                ? Problems.InvalidMember("date_from", $"must not be so early: a series has at most {ReportPeriod.MaxBuckets} buckets")
                : ApiResults.Ok(CampaignReport.Of(
                    campaignId, input, resolved, await CampaignAnalytics.CountAsync(session, filter, call.CancellationToken), now));
        });
}

public sealed record GetCampaignAnalyticsQuery : PeriodQuery
{
    /// <summary>Only if the campaign belongs to this client.</summary>
    public Guid? ClientId { get; init; }

    /// <summary>Only if the campaign belongs to this agency.</summary>
    public Guid? AgencyId { get; init; }
}

/// <summary>What happened in a campaign during a period.</summary>
public sealed record CampaignReport
{
    public required Guid CampaignId { get; init; }
    public required ResolvedPeriod Resolved { get; init; }

    /// <summary>When the counts were made.</summary>
    public required DateTime AsOf { get; init; }
    public required CampaignPeriodTotals Totals { get; init; }
    public required CampaignPeriodRates Rates { get; init; }

    /// <summary>Null with compare=none.</summary>
    public PreviousCampaignPeriod? Previous { get; init; }

    /// <summary>The changes against the previous period; null with compare=none.</summary>
    public CampaignDeltas? Deltas { get; init; }

    /// <summary>All buckets of the period, including empty ones. Distinct leads of buckets do not add up to those of the period.</summary>
    public required IReadOnlyList<CampaignBucket> Series { get; init; }

    internal static CampaignReport Of(Guid campaignId, PeriodQuery query, ResolvedReport resolved, ReportParts parts, DateTime now)
    {
        var numbers = ReportNumbers.Of(parts);
        var previous = query.Compare == ReportComparison.Previous ? new PeriodBounds(resolved.PreviousStartsAt, resolved.StartsAt) : null;
        return new()
        {
            CampaignId = campaignId,
            Resolved = new(resolved.StartsAt, resolved.EndsAt, resolved.TimeZone!, query.GroupBy),
            AsOf = now,
            Totals = numbers.Totals,
            Rates = numbers.Rates,
            Previous = numbers.Previous(previous),
            Deltas = previous is null ? null : numbers.Deltas,
            Series = numbers.Series,
        };
    }
}

/// <summary>The period as it was counted: from (inclusive) to (exclusive).</summary>
public sealed record ResolvedPeriod(DateTime From, DateTime To, string Tz, ReportGrouping GroupBy);

/// <summary>The same number of local days directly before the period.</summary>
public sealed record PreviousCampaignPeriod(DateTime From, DateTime To, CampaignPeriodTotals Totals, CampaignPeriodRates Rates);
