using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Analytics;

namespace SalesBrain.Functions.Analytics;

/// <summary>Returns all numbers of one campaign. For callers who can see the campaign.</summary>
public sealed class GetCampaignReport(RequestPipeline pipeline, ReportCalls reports)
{
    [Function(nameof(GetCampaignReport))]
    [Operation("Analytics", "Get a campaign's report", TimeLimitSeconds = 600, Description =
        "The numbers of GET /campaigns/{campaignId}/analytics, and: the funnel, the steps and variants of the sequence, the assignees, the "
        + "hours of replies, deal amounts by currency, and the replies that came before won deals. With format=csv all numbers as a file.")]
    [Requires(Capability.ReadCampaigns)]
    [Returns(200, typeof(FullCampaignReport))]
    [Returns(200, typeof(string), Bare = true, ContentType = "text/csv")]
    [Problems("not_found", "too_many_exports")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/analytics/campaigns/{campaignId:guid}")] HttpRequest request, Guid campaignId) =>
        pipeline.RunAsync<GetCampaignReport, GetCampaignReportQuery>(request, (call, input) => reports.RunAsync(
            call, input, (input.AgencyId, input.ClientId, campaignId), "campaign", null,
            (session, filter) => CampaignAnalytics.ReadAsync(session, filter, call.CancellationToken),
            (heading, parts) => FullCampaignReport.Of(campaignId, heading, parts)));
}

public sealed record GetCampaignReportQuery : AnalyticsQuery
{
    /// <summary>Only if the campaign belongs to this client.</summary>
    public Guid? ClientId { get; init; }

    /// <summary>Only if the campaign belongs to this agency.</summary>
    public Guid? AgencyId { get; init; }
}

/// <summary>All numbers of a campaign.</summary>
public sealed record FullCampaignReport
{
    public required Guid CampaignId { get; init; }
    public required ResolvedPeriod Resolved { get; init; }

    /// <summary>When the numbers were computed. Nothing in the caller's scope has changed since.</summary>
    public required DateTime AsOf { get; init; }
    public required CampaignPeriodTotals Totals { get; init; }
    public required CampaignPeriodRates Rates { get; init; }

    /// <summary>The stages from leads to converted.</summary>
    public required IReadOnlyList<FunnelStage> Funnel { get; init; }

    /// <summary>All buckets of the period, including empty ones. Distinct leads of buckets do not add up to those of the period.</summary>
    public required IReadOnlyList<CampaignBucket> Series { get; init; }

    /// <summary>Null with compare=none.</summary>
    public PreviousCampaignPeriod? Previous { get; init; }

    /// <summary>The changes against the previous period; null with compare=none.</summary>
    public CampaignDeltas? Deltas { get; init; }

    /// <summary>Events of the period by step and variant of the sequence, as the sending tool named them.</summary>
    public required IReadOnlyList<SequenceStep> Steps { get; init; }

    /// <summary>The campaign's leads by assignee, as they are now.</summary>
    public required IReadOnlyList<AssigneeTotals> Assignees { get; init; }

    /// <summary>Replies of the period by weekday and hour in the time zone. Hours without replies are left out.</summary>
    public required IReadOnlyList<ReplyHour> BestHours { get; init; }

    /// <summary>Won and open deal amounts in total and by campaign, source, assignee and bucket.</summary>
    public required IReadOnlyList<DealTotal> Deals { get; init; }

    /// <summary>Deal amounts won in the period by the step and variant that the lead replied to last before it was closed.</summary>
    public required IReadOnlyList<WonStep> TopReplies { get; init; }

    /// <summary>The largest of these deals in each currency, at most 20: the reply, its contact, its lead and the amount.</summary>
    public required IReadOnlyList<WonReply> WonReplies { get; init; }

    internal static FullCampaignReport Of(Guid campaignId, ReportHeading heading, ReportParts parts)
    {
        var numbers = ReportNumbers.Of(parts);
        var replies = parts.Rows<WonReplyRow>("replies");
        return new()
        {
            CampaignId = campaignId,
            Resolved = heading.Resolved,
            AsOf = heading.AsOf,
            Totals = numbers.Totals,
            Rates = numbers.Rates,
            Funnel = FunnelStage.Of(numbers),
            Series = numbers.Series,
            Previous = numbers.Previous(heading.Previous),
            Deltas = heading.Previous is null ? null : numbers.Deltas,
            Steps = parts.Rows<SequenceStep>("steps"),
            Assignees = [.. parts.Rows<AssigneeRow>("assignees").Select(row => new AssigneeTotals(
                row.UserId, row.Name, row.Leads, row.ContactedLeads, row.RepliedLeads, row.InterestedLeads, row.QualifiedLeads,
                row.ConvertedLeads, CampaignPeriodRates.Rate(row.RepliedLeads, row.ContactedLeads)))],
            BestHours = [.. parts.Rows<HourRow>("hours").Select(row => new ReplyHour(row.Weekday, row.Hour, row.Replies, row.Leads))],
            Deals = DealTotal.Of(parts, "deals", heading.Previous is not null),
            TopReplies = [.. replies.GroupBy(reply => (reply.Step, reply.Variant, reply.Currency))
                .Select(group => new WonStep(group.Key.Step, group.Key.Variant, group.Key.Currency, group.Sum(reply => reply.Amount), group.LongCount()))
                .OrderBy(step => step.Currency, StringComparer.Ordinal).ThenByDescending(step => step.Amount)
                .ThenBy(step => step.Step, StringComparer.Ordinal).ThenBy(step => step.Variant, StringComparer.Ordinal)],
            WonReplies = [.. replies.GroupBy(reply => reply.Currency).SelectMany(group => group.Take(20)).Select(row => new WonReply(
                row.ActivityId, row.ContactId, row.LeadId, row.Step, row.Variant, row.RepliedAt, row.ClosedAt, row.Currency, row.Amount))],
        };
    }
}

/// <summary>A stage of the funnel.</summary>
/// <param name="Stage">leads, contacted, opened, replied, interested, qualified or converted.</param>
/// <param name="Events">How often it happened in the period; of leads: how many exist at its end.</param>
/// <param name="Leads">To how many distinct leads.</param>
/// <param name="ShareOfLeads">These leads / leads at the end of the period; null if there are none.</param>
/// <param name="ShareOfPreviousStage">These leads / leads of the stage before; null if there are none.</param>
public sealed record FunnelStage(string Stage, long Events, long Leads, decimal? ShareOfLeads, decimal? ShareOfPreviousStage)
{
    internal static IReadOnlyList<FunnelStage> Of(ReportNumbers numbers)
    {
        var totals = numbers.Totals;
        long Events(string kind) =>
            numbers.Counts.SingleOrDefault(count => count.Kind == kind && !count.IsPrevious && count.StartsOn is null)?.Events ?? 0;
        (string Stage, long Events, long Leads)[] stages =
        [
            ("leads", totals.Leads, totals.Leads), ("contacted", totals.Contacted, totals.ContactedLeads),
            ("opened", totals.Opened, totals.OpenedLeads), ("replied", totals.Replied, totals.RepliedLeads),
            ("interested", totals.Interested, totals.InterestedLeads), ("qualified", Events("qualified"), totals.QualifiedLeads),
            ("converted", Events("converted"), totals.ConvertedLeads),
        ];
        return [.. stages.Select((stage, index) => new FunnelStage(
            stage.Stage, stage.Events, stage.Leads, CampaignPeriodRates.Rate(stage.Leads, totals.Leads),
            index == 0 ? null : CampaignPeriodRates.Rate(stage.Leads, stages[index - 1].Leads)))];
    }
}

/// <summary>A step and variant of the sequence.</summary>
public sealed record SequenceStep : StepCounts
{
    /// <summary>Leads that replied to the step in the period / leads it was sent to in the period; null if there are none.</summary>
    public decimal? ReplyRate => CampaignPeriodRates.Rate(RepliedLeads, SentLeads);
}

/// <summary>A campaign's leads of one assignee (null: of nobody), so far. The reply rate is leads that replied / leads contacted.</summary>
public sealed record AssigneeTotals(
    Guid? UserId, string? Name, long Leads, long ContactedLeads, long RepliedLeads, long InterestedLeads, long QualifiedLeads,
    long ConvertedLeads, decimal? ReplyRate);

/// <summary>Replies of a weekday (1 = Monday) and hour (0 to 23).</summary>
public sealed record ReplyHour(int Weekday, int Hour, long Replies, long Leads);

/// <summary>Deal amounts of leads whose last reply before closing was to a step and variant.</summary>
public sealed record WonStep(string? Step, string? Variant, string Currency, decimal Amount, long Leads);

/// <summary>A reply, and the deal that was won after it.</summary>
public sealed record WonReply(
    Guid ActivityId, Guid? ContactId, Guid LeadId, string? Step, string? Variant, DateTime RepliedAt, DateTime ClosedAt, string Currency,
    decimal Amount);
