using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Values;
using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Data.Analytics;

namespace SalesBrain.Functions.Analytics;

/// <summary>Returns the numbers of an organization, an agency or a client. For callers who can see them.</summary>
public sealed class GetAnalyticsOverview(RequestPipeline pipeline, ReportCalls reports)
{
    [Function(nameof(GetAnalyticsOverview))]
    [Operation("Analytics", "Get an overview", TimeLimitSeconds = 600, Description =
        "Campaigns, leads and contacts as they are now; what happened in the period, as totals, rates and a series without gaps; the "
        + "period of the same number of days directly before; the best campaigns; won and open deal amounts by currency. Rates are of "
        + "distinct leads to whom something happened in the period. Only leads that are not deleted count. Callers of an agency or a "
        + "client see their own. With format=csv all numbers as a file.")]
    [Requires(Capability.ReadCampaigns)]
    [Returns(200, typeof(OverviewReport))]
    [Returns(200, typeof(string), Bare = true, ContentType = "text/csv")]
    [Problems("too_many_exports")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/analytics/overview")] HttpRequest request) =>
        pipeline.RunAsync<GetAnalyticsOverview, GetAnalyticsOverviewQuery>(request, (call, input) => reports.RunAsync(
            call, input, (input.AgencyId, input.ClientId, input.CampaignId), "overview",
            // Not all roles of an organization see its import jobs.
            new { input.TopBy, input.Top, call.Caller.Role },
            (session, filter) => OverviewAnalytics.ReadAsync(session, filter, input.TopBy.ToWireName(), input.Top, call.CancellationToken),
            OverviewReport.Of));
}

public sealed record GetAnalyticsOverviewQuery : ScopedAnalyticsQuery
{
    /// <summary>The rate by which the best campaigns are chosen.</summary>
    public TopCampaignRate TopBy { get; init; }

    /// <summary>Maximum number of best campaigns.</summary>
    [Range(1, 20)]
    public int Top { get; init; } = 10;
}

public enum TopCampaignRate
{
    QualificationRate,
    ResponseRate,
    ConversionRate,
}

/// <summary>The numbers of an organization, an agency or a client.</summary>
public sealed record OverviewReport
{
    public required ResolvedPeriod Resolved { get; init; }

    /// <summary>When the numbers were computed. Nothing in the caller's scope has changed since.</summary>
    public required DateTime AsOf { get; init; }

    /// <summary>Campaigns that are not deleted, now.</summary>
    public required CampaignsByStatus CampaignsByStatus { get; init; }

    /// <summary>Leads, now.</summary>
    public required LeadsByStatus LeadsByStatus { get; init; }

    /// <summary>Contacts, now: all of the organization, or those with a lead in scope.</summary>
    public required long Contacts { get; init; }

    /// <summary>Import jobs that have not ended, now. Only those that the caller can see.</summary>
    public required OpenJobs OpenJobs { get; init; }
    public required CampaignPeriodTotals Totals { get; init; }
    public required CampaignPeriodRates Rates { get; init; }

    /// <summary>What happened to leads in the period, by type, most frequent first.</summary>
    public required IReadOnlyList<ActivityTotal> Activities { get; init; }

    /// <summary>All buckets of the period, including empty ones. Distinct leads of buckets do not add up to those of the period.</summary>
    public required IReadOnlyList<CampaignBucket> Series { get; init; }

    /// <summary>Null with compare=none.</summary>
    public PreviousCampaignPeriod? Previous { get; init; }

    /// <summary>The changes against the previous period; null with compare=none.</summary>
    public CampaignDeltas? Deltas { get; init; }

    /// <summary>
    /// The best campaigns with at least 10 leads by their rate so far, whatever the period. Equal rates are sorted by the number of leads,
    /// then by id.
    /// </summary>
    public required IReadOnlyList<TopCampaign> TopCampaigns { get; init; }

    /// <summary>Where the leads that were created in the period come from, most leads first.</summary>
    public required IReadOnlyList<LeadSource> LeadSources { get; init; }

    /// <summary>Won and open deal amounts in total and by campaign, source, assignee and bucket.</summary>
    public required IReadOnlyList<DealTotal> Deals { get; init; }

    internal static OverviewReport Of(ReportHeading heading, ReportParts parts)
    {
        var numbers = ReportNumbers.Of(parts);
        var totals = numbers.Counts.Where(count => count.StartsOn is null).ToList();
        return new()
        {
            Resolved = heading.Resolved,
            AsOf = heading.AsOf,
            CampaignsByStatus = CampaignsByStatus.Of(parts.Rows<NamedCount>("campaigns")),
            LeadsByStatus = LeadsByStatus.Of(parts.Rows<NamedCount>("leads")),
            Contacts = parts.Rows<NamedCount>("contacts").Sum(count => count.Count),
            OpenJobs = OpenJobs.Of(parts.Rows<NamedCount>("jobs")),
            Totals = numbers.Totals,
            Rates = numbers.Rates,
            Activities = [.. totals.Where(count => !count.IsPrevious && EventTypes.Find(count.Kind) is not null)
                .OrderByDescending(count => count.Events).ThenBy(count => count.Kind, StringComparer.Ordinal)
                .Select(count => new ActivityTotal(count.Kind, EventTypes.Find(count.Kind)!.Label, count.Events, count.Leads))],
            Series = numbers.Series,
            Previous = numbers.Previous(heading.Previous),
            Deltas = heading.Previous is null ? null : numbers.Deltas,
            TopCampaigns = [.. parts.Rows<TopCampaignRow>("top").Select(row => new TopCampaign(row.CampaignId, row.Name, row.Status, row.Leads, row.Rate))],
            LeadSources = [.. totals.Where(count => count is { Kind: "source", IsPrevious: false })
                .OrderByDescending(count => count.Leads).ThenBy(count => count.Label, StringComparer.Ordinal)
                .Select(count => new LeadSource(string.IsNullOrEmpty(count.Label) ? null : count.Label, count.Leads))],
            Deals = DealTotal.Of(parts, "deals", heading.Previous is not null),
        };
    }
}

/// <summary>Import jobs that wait, run or are paused.</summary>
public sealed record OpenJobs(long Pending, long Running, long Paused)
{
    internal static OpenJobs Of(IEnumerable<NamedCount> counts)
    {
        var byStatus = counts.ToLookup(count => count.Key, count => count.Count);
        return new(byStatus["pending"].Sum(), byStatus["running"].Sum(), byStatus["paused"].Sum());
    }
}

/// <summary>Campaigns by status.</summary>
public sealed record CampaignsByStatus(long Draft, long Active, long Paused, long Completed, long Archived)
{
    internal static CampaignsByStatus Of(IEnumerable<NamedCount> counts)
    {
        var byStatus = counts.ToLookup(count => count.Key, count => count.Count);
        long Of(string status) => byStatus[status].Sum();
        return new(Of("draft"), Of("active"), Of("paused"), Of("completed"), Of("archived"));
    }
}

/// <summary>How often a type of event happened to leads in the period, and to how many distinct leads.</summary>
public sealed record ActivityTotal(string ActivityType, string Label, long Events, long Leads);

/// <summary>A campaign, its leads and its rate.</summary>
public sealed record TopCampaign(Guid CampaignId, string Name, string Status, long Leads, decimal Rate);

/// <summary>Leads of a source; null for leads without one.</summary>
public sealed record LeadSource(string? Source, long Leads);
