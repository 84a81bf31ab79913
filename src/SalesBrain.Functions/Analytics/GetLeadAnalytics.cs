using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Values;
using SalesBrain.Data.Analytics;
using SalesBrain.Data.Crm;
using SalesBrain.Functions.Crm;

namespace SalesBrain.Functions.Analytics;

/// <summary>Returns leads by what they have in common. For callers who can see them.</summary>
public sealed class GetLeadAnalytics(RequestPipeline pipeline, ReportCalls reports)
{
    [Function(nameof(GetLeadAnalytics))]
    [Operation("Analytics", "Get the numbers of leads", TimeLimitSeconds = 600, Description =
        "The leads that match, grouped by a field; their qualification, scores and days in their status, all as they are now; and how many "
        + "were created, qualified and converted in the period. The filters are those of the list of leads. With format=csv "
        + "all numbers as a file. "
        + CustomFieldChecks.About)]
    [Requires(Capability.ReadLeads)]
    [Returns(200, typeof(LeadReport))]
    [Returns(200, typeof(string), Bare = true, ContentType = "text/csv")]
    [Problems("too_many_exports")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/analytics/leads")] HttpRequest request) =>
        pipeline.RunAsync<GetLeadAnalytics, GetLeadAnalyticsQuery>(request, async (call, input) =>
        {
            if (await CustomFieldChecks.CheckAsync(call, input.OrganizationId, input.CustomFields) is { } problem)
            {
                return problem;
            }
            var leads = input.FilterFor(call.Caller);
            var parameters = new
            {
                input.GroupByField,
                leads.Statuses,
                leads.Priorities,
                leads.Interests,
                leads.AssignedTo,
                leads.Unassigned,
                leads.PracticeArea,
                leads.Tags,
                leads.MinScore,
                leads.Search,
                Custom = leads.CustomFields.Select(field => new { field.Name, Values = field.Alternatives().ToArray() }).ToArray(),
            };
            return await reports.RunAsync(
                call, input, (input.AgencyId, input.ClientId, input.CampaignId), "leads", parameters,
                (session, filter) =>
                    LeadAnalytics.ReadAsync(session, filter, leads, input.GroupByField.ToWireName(), call.CancellationToken),
                (heading, parts) => LeadReport.Of(input.GroupByField, heading, parts));
        });
}

public sealed record GetLeadAnalyticsQuery : ScopedAnalyticsQuery, IValidatableObject, ILeadConditions
{
    /// <summary>What the leads are grouped by.</summary>
    public LeadField GroupByField { get; init; }

    /// <summary>Statuses; repeatable.</summary>
    [Length(0, 10)]
    public LeadStatus[] Status { get; init; } = [];

    /// <summary>Priorities; repeatable.</summary>
    [Length(0, 10)]
    public LeadPriority[] Priority { get; init; } = [];

    /// <summary>Interests; repeatable.</summary>
    [Length(0, 20)]
    public LeadInterest[] Interest { get; init; } = [];

    /// <summary>A user's id, <c>me</c> for the caller, or <c>none</c> for leads without an assignee.</summary>
    [StringLength(36)]
    [Accepts(Pattern = "^(me|none|[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12})$")]
    public string? AssignedTo { get; init; }

    /// <summary>The complete value. Case-sensitive.</summary>
    [StringLength(200)]
    public string? PracticeArea { get; init; }

    /// <summary>Tags; repeatable, not separated by commas. Only leads that have all of them.</summary>
    [Length(0, 20)]
    [Accepts(MaxLength = 100)]
    [FreeText]
    public string[] Tags { get; init; } = [];

    /// <summary>Minimum score (inclusive).</summary>
    [Range(0, 100)]
    public int? MinScore { get; init; }

    /// <summary>Part of the contact's name, e-mail address or company.</summary>
    [StringLength(SearchTermAttribute.MaxLength)]
    [SearchTerm]
    public string? Search { get; init; }

    /// <summary>Conditions on custom fields, from the parameters <c>custom.…</c>.</summary>
    public CustomFieldFilter[] CustomFields { get; init; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => LeadConditions.Check(this);

    internal LeadFilter FilterFor(Caller caller) => LeadConditions.FilterOf(this, caller);
}

/// <summary>What leads can be grouped by.</summary>
public enum LeadField
{
    Status,
    Priority,
    Interest,
    Source,
    PracticeArea,
    Assignee,
    Campaign,
    ScoreBand,
}

/// <summary>Leads by what they have in common.</summary>
public sealed record LeadReport
{
    public required ResolvedPeriod Resolved { get; init; }

    /// <summary>When the numbers were computed. Nothing in the caller's scope has changed since.</summary>
    public required DateTime AsOf { get; init; }
    public required LeadField GroupByField { get; init; }

    /// <summary>Most leads first, at most 1000.</summary>
    public required IReadOnlyList<LeadGroup> Groups { get; init; }

    /// <summary>Won and open deal amounts of the matching leads by group.</summary>
    public required IReadOnlyList<DealTotal> Deals { get; init; }

    /// <summary>Leads by qualification score.</summary>
    public required QualificationCounts Qualification { get; init; }

    /// <summary>Leads by score: ten bands, the last one to 100.</summary>
    public required IReadOnlyList<ScoreBand> Scores { get; init; }

    /// <summary>Leads by status and by the number of local days they have had it. Empty bands are left out.</summary>
    public required IReadOnlyList<StatusAge> Ageing { get; init; }
    public required LeadChanges Totals { get; init; }

    /// <summary>All buckets of the period, including empty ones.</summary>
    public required IReadOnlyList<LeadBucket> Series { get; init; }

    /// <summary>The period before; null with compare=none.</summary>
    public PreviousLeadPeriod? Previous { get; init; }

    /// <summary>The changes against the previous period; null with compare=none.</summary>
    public LeadDeltas? Deltas { get; init; }

    internal static LeadReport Of(LeadField field, ReportHeading heading, ReportParts parts)
    {
        var numbers = ReportNumbers.Of(parts);
        var (now, before) = (LeadChanges.Of(numbers.Totals), LeadChanges.Of(numbers.PreviousTotals));
        var scores = parts.Rows<NamedCount>("scores").ToLookup(count => count.Key, count => count.Count);
        return new()
        {
            Resolved = heading.Resolved,
            AsOf = heading.AsOf,
            GroupByField = field,
            Groups = [.. parts.Rows<LeadGroupRow>("groups").Select(row => new LeadGroup(row.Key, row.Label, row.Leads, row.AverageScore))],
            Deals = DealTotal.Of(parts, "group_deals", false),
            Qualification = QualificationCounts.Of(parts.Rows<NamedCount>("qualification")),
            Scores = [.. Enumerable.Range(0, 10).Select(band => new ScoreBand(
                band * 10, band == 9 ? 100 : (band * 10) + 9, scores[$"{band * 10}"].Sum()))],
            Ageing = [.. parts.Rows<AgeRow>("ages").Select(StatusAge.Of)],
            Totals = now,
            Series = [.. numbers.Series.Select(bucket => new LeadBucket(
                bucket.StartsOn, bucket.Partial, bucket.Counts.NewLeads, bucket.Counts.QualifiedLeads, bucket.Counts.ConvertedLeads))],
            Previous = heading.Previous is { } bounds ? new(bounds.From, bounds.To, before) : null,
            Deltas = heading.Previous is null ? null : new(
                Delta.Between(before.Leads, now.Leads), Delta.Between(before.Created, now.Created),
                Delta.Between(before.Qualified, now.Qualified), Delta.Between(before.Converted, now.Converted)),
        };
    }
}

/// <summary>Leads of a group, now. The key is the value, or the id of the campaign or user; null for leads without one.</summary>
public sealed record LeadGroup(string? Key, string? Label, long Leads, decimal AverageScore);

/// <summary>Leads by qualification score.</summary>
public sealed record QualificationCounts(long Score1, long Score2, long Score3, long Score4, long Score5, long None)
{
    internal static QualificationCounts Of(IEnumerable<NamedCount> counts)
    {
        var byScore = counts.ToLookup(count => count.Key ?? "", count => count.Count);
        long Of(string score) => byScore[score].Sum();
        return new(Of("1"), Of("2"), Of("3"), Of("4"), Of("5"), Of(""));
    }
}

/// <summary>Leads with a score between two bounds, both inclusive.</summary>
public sealed record ScoreBand(int From, int To, long Leads);

/// <summary>Leads that have had a status for a number of days.</summary>
/// <param name="Status">The status.</param>
/// <param name="MinDays">Inclusive lower bound: 0, 1, 7, 14, 30, 60 or 90.</param>
/// <param name="MaxDays">Inclusive upper bound; null for the last band.</param>
/// <param name="Leads">How many.</param>
public sealed record StatusAge(string Status, int MinDays, int? MaxDays, long Leads)
{
    internal static StatusAge Of(AgeRow row) => new(
        row.Status, row.MinDays, row.MinDays switch { 0 => 0, 1 => 6, 7 => 13, 14 => 29, 30 => 59, 60 => 89, _ => null }, row.Leads);
}

/// <summary>Leads at the end of a period, and distinct leads that were created, became qualified or became converted in it.</summary>
public sealed record LeadChanges(long Leads, long Created, long Qualified, long Converted)
{
    internal static LeadChanges Of(CampaignPeriodTotals totals) =>
        new(totals.Leads, totals.NewLeads, totals.QualifiedLeads, totals.ConvertedLeads);
}

/// <summary>A bucket of the series.</summary>
public sealed record LeadBucket(DateOnly StartsOn, bool Partial, long Created, long Qualified, long Converted);

/// <summary>The period before.</summary>
public sealed record PreviousLeadPeriod(DateTime From, DateTime To, LeadChanges Totals);

/// <summary>The changes against the previous period.</summary>
public sealed record LeadDeltas(Delta Leads, Delta Created, Delta Qualified, Delta Converted);
