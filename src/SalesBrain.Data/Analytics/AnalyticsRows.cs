namespace SalesBrain.Data.Analytics;

/// <summary>The period of a report as instants, the version of its data, and the answer that was computed for both before.</summary>
public sealed record ResolvedReport
{
    public Guid OrganizationId { get; init; }

    /// <summary>Null: the server does not know the time zone.</summary>
    public string? TimeZone { get; init; }
    public DateTime StartsAt { get; init; }
    public DateTime EndsAt { get; init; }
    public DateTime PreviousStartsAt { get; init; }
    public int Buckets { get; init; }

    /// <summary>Whether the session sees the campaign that the report is about; true if it is about none.</summary>
    public bool HasCampaign { get; init; }

    /// <summary>The number of changes so far in the scope of the session.</summary>
    public string DataVersion { get; init; } = "";

    /// <summary>Identifies the answer within the scope of the session.</summary>
    public string Parameters { get; init; } = "";

    /// <summary>Null: not computed yet, or something has changed since.</summary>
    public string? Answer { get; init; }
}

/// <summary>A bucket of a series.</summary>
public sealed record ReportBucket
{
    public DateOnly StartsOn { get; init; }
    public bool IsPartial { get; init; }
}

/// <summary>
/// How often something happened, and to how many distinct leads, in a period or (<see cref="StartsOn"/>) in one of its buckets.
/// </summary>
public sealed record MetricCount
{
    /// <summary>
    /// A type of activity, <c>created</c>, <c>qualified</c> or <c>converted</c>; or <c>leads</c>, those that existed at the end of the
    /// period; or <c>source</c>, those created in the period, by <see cref="Label"/>.
    /// </summary>
    public string Kind { get; init; } = "";
    public bool IsPrevious { get; init; }
    public DateOnly? StartsOn { get; init; }
    public string? Label { get; init; }
    public long Events { get; init; }
    public long Leads { get; init; }
}

/// <summary>A number of something.</summary>
public sealed record NamedCount
{
    public string? Key { get; init; }
    public long Count { get; init; }
}

/// <summary>Deal amounts of one currency that have something in common.</summary>
public sealed record DealRow
{
    public string State { get; init; } = "";
    public string Dimension { get; init; } = "";
    public string? Key { get; init; }
    public string? Label { get; init; }
    public string Currency { get; init; } = "";
    public decimal Amount { get; init; }
    public long Leads { get; init; }
}

public sealed record TopCampaignRow
{
    public Guid CampaignId { get; init; }
    public string Name { get; init; } = "";
    public string Status { get; init; } = "";
    public long Leads { get; init; }
    public decimal Rate { get; init; }
}

/// <summary>What happened with a step and variant of the sequence in the period.</summary>
public record StepCounts
{
    public string? Step { get; init; }
    public string? Variant { get; init; }
    public required long Sent { get; init; }
    public required long Opened { get; init; }
    public required long Clicked { get; init; }
    public required long Replied { get; init; }
    public required long Bounced { get; init; }
    public required long Unsubscribed { get; init; }
    public required long SentLeads { get; init; }
    public required long RepliedLeads { get; init; }
}

public sealed record AssigneeRow
{
    public Guid? UserId { get; init; }
    public string? Name { get; init; }
    public long Leads { get; init; }
    public long ContactedLeads { get; init; }
    public long RepliedLeads { get; init; }
    public long InterestedLeads { get; init; }
    public long QualifiedLeads { get; init; }
    public long ConvertedLeads { get; init; }
}

public sealed record HourRow
{
    public int Weekday { get; init; }
    public int Hour { get; init; }
    public long Replies { get; init; }
    public long Leads { get; init; }
}

public sealed record WonReplyRow
{
    public Guid ActivityId { get; init; }
    public Guid? ContactId { get; init; }
    public Guid LeadId { get; init; }
    public DateTime RepliedAt { get; init; }
    public DateTime ClosedAt { get; init; }
    public string? Step { get; init; }
    public string? Variant { get; init; }
    public string Currency { get; init; } = "";
    public decimal Amount { get; init; }
}

public sealed record LeadGroupRow
{
    public string? Key { get; init; }
    public string? Label { get; init; }
    public long Leads { get; init; }
    public decimal AverageScore { get; init; }
}

public sealed record AgeRow
{
    public string Status { get; init; } = "";
    public int MinDays { get; init; }
    public long Leads { get; init; }
}

public sealed record TeamRow
{
    public Guid UserId { get; init; }
    public string? Name { get; init; }
    public string? Role { get; init; }
    public long ContactsOwned { get; init; }
    public long New { get; init; }
    public long Contacted { get; init; }
    public long Responded { get; init; }
    public long Qualified { get; init; }
    public long Converted { get; init; }
    public long Rejected { get; init; }
    public long Replies { get; init; }
    public long Meetings { get; init; }
    public long Answered { get; init; }
    public double? P50 { get; init; }
    public double? P90 { get; init; }
    public double? P95 { get; init; }
    public long PreviousReplies { get; init; }
    public long PreviousMeetings { get; init; }
}
