using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Analytics;

namespace SalesBrain.Functions.Analytics;

/// <summary>Returns what each user owns and what happened with their leads. For callers who can see them.</summary>
public sealed class GetTeamAnalytics(RequestPipeline pipeline, ReportCalls reports)
{
    [Function(nameof(GetTeamAnalytics))]
    [Operation("Analytics", "Get the numbers of users", TimeLimitSeconds = 600, Description =
        "For each user who can work leads or has some: contacts owned and leads by status as they are now; replies, booked meetings and "
        + "response times of the period. Events count for the user to whom the lead is assigned now. With "
        + "format=csv all numbers as a file.")]
    [Requires(Capability.ReadLeads)]
    [Returns(200, typeof(TeamReport))]
    [Returns(200, typeof(string), Bare = true, ContentType = "text/csv")]
    [Problems("too_many_exports")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/analytics/team")] HttpRequest request) =>
        pipeline.RunAsync<GetTeamAnalytics, GetTeamAnalyticsQuery>(request, (call, input) => reports.RunAsync(
            call, input, (input.AgencyId, input.ClientId, input.CampaignId), "team", null,
            (session, filter) => TeamAnalytics.ReadAsync(session, filter, call.CancellationToken),
            TeamReport.Of));
}

public sealed record GetTeamAnalyticsQuery : ScopedAnalyticsQuery;

/// <summary>The numbers of users.</summary>
public sealed record TeamReport
{
    public required ResolvedPeriod Resolved { get; init; }

    /// <summary>When the numbers were computed. Nothing in the caller's scope has changed since.</summary>
    public required DateTime AsOf { get; init; }

    /// <summary>By name.</summary>
    public required IReadOnlyList<TeamMember> Users { get; init; }

    /// <summary>
    /// Replies and booked meetings of leads that are assigned to somebody. All buckets of the period, including empty ones.
    /// </summary>
    public required IReadOnlyList<TeamBucket> Series { get; init; }

    /// <summary>Won and open deal amounts in total and by campaign, source, assignee and bucket.</summary>
    public required IReadOnlyList<DealTotal> Deals { get; init; }

    /// <summary>Bounds of the period before; null with compare=none.</summary>
    public PeriodBounds? Previous { get; init; }

    internal static TeamReport Of(ReportHeading heading, ReportParts parts)
    {
        var happened = parts.Rows<MetricCount>("series").ToLookup(count => (count.StartsOn, count.Kind), count => count.Events);
        return new()
        {
            Resolved = heading.Resolved,
            AsOf = heading.AsOf,
            Users = [.. parts.Rows<TeamRow>("users").Select(row => TeamMember.Of(row, heading.Previous is not null))],
            Series = [.. parts.Rows<ReportBucket>("buckets").Select(bucket => new TeamBucket(
                bucket.StartsOn, bucket.IsPartial, happened[(bucket.StartsOn, "email.replied")].Sum(),
                happened[(bucket.StartsOn, "lead.meeting_booked")].Sum()))],
            Deals = DealTotal.Of(parts, "deals", heading.Previous is not null),
            Previous = heading.Previous,
        };
    }
}

/// <summary>A user's numbers.</summary>
public sealed record TeamMember
{
    public required Guid UserId { get; init; }

    /// <summary>Null if the caller does not see the user.</summary>
    public string? Name { get; init; }
    public string? Role { get; init; }

    /// <summary>Contacts whose primary owner the user is, now. For callers of an agency or a client: with a lead that they see.</summary>
    public required long ContactsOwned { get; init; }

    /// <summary>Leads that are assigned to the user, now.</summary>
    public required LeadsByStatus LeadsByStatus { get; init; }

    /// <summary>Replies of these leads in the period.</summary>
    public required long Replies { get; init; }

    /// <summary>Meetings that these leads booked in the period.</summary>
    public required long Meetings { get; init; }

    /// <summary>How long these replies waited for the next action.</summary>
    public required ResponseTimes ResponseTimes { get; init; }

    /// <summary>The change of replies against the previous period; null with compare=none.</summary>
    public Delta? RepliesDelta { get; init; }

    /// <summary>The change of meetings against the previous period; null with compare=none.</summary>
    public Delta? MeetingsDelta { get; init; }

    internal static TeamMember Of(TeamRow row, bool withPrevious) => new()
    {
        UserId = row.UserId,
        Name = row.Name,
        Role = row.Role,
        ContactsOwned = row.ContactsOwned,
        LeadsByStatus = new(row.New, row.Contacted, row.Responded, row.Qualified, row.Converted, row.Rejected),
        Replies = row.Replies,
        Meetings = row.Meetings,
        ResponseTimes = new(row.Answered, Seconds(row.P50), Seconds(row.P90), Seconds(row.P95)),
        RepliesDelta = withPrevious ? Delta.Between(row.PreviousReplies, row.Replies) : null,
        MeetingsDelta = withPrevious ? Delta.Between(row.PreviousMeetings, row.Meetings) : null,
    };

    private static long? Seconds(double? seconds) => seconds is { } value ? (long)Math.Round(value, MidpointRounding.AwayFromZero) : null;
}

/// <summary>
/// Seconds from a reply to the next action: the next message sent, meeting booked, or change of the status to qualified, converted or
/// rejected.
/// </summary>
/// <param name="Answered">Replies that were followed by an action. Only these are in the percentiles.</param>
/// <param name="P50">Median; null if there are none.</param>
/// <param name="P90">90th percentile.</param>
/// <param name="P95">95th percentile.</param>
public sealed record ResponseTimes(long Answered, long? P50, long? P90, long? P95);

/// <summary>A bucket of the series.</summary>
public sealed record TeamBucket(DateOnly StartsOn, bool Partial, long Replies, long Meetings);
