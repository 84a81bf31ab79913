using System.ComponentModel.DataAnnotations;
using SalesBrain.Core.Analytics;
using SalesBrain.Core.Values;

namespace SalesBrain.Functions.Analytics;

/// <summary>The period of a report.</summary>
public abstract record PeriodQuery
{
    /// <summary>The last 7, 30 or 90 days or 365 days (1y) of the time zone, including today. Default: 30d.</summary>
    [AllowedValues(null, "7d", "30d", "90d", "1y", ErrorMessage = "must be one of 7d, 30d, 90d, 1y")]
    public string? Range { get; init; }

    /// <summary>First day in the time zone, or a time (inclusive). Not together with range.</summary>
    [StringLength(40)]
    [Accepts(Pattern = ReportBound.Pattern)]
    [DateOrTime]
    public string? DateFrom { get; init; }

    /// <summary>Last day in the time zone (inclusive), or a time (exclusive). Default: today.</summary>
    [StringLength(40)]
    [Accepts(Pattern = ReportBound.Pattern)]
    [DateOrTime]
    public string? DateTo { get; init; }

    /// <summary>Width of the buckets. A series has at most 400.</summary>
    public ReportGrouping GroupBy { get; init; } = ReportGrouping.Day;

    /// <summary>IANA time zone. Default: the organization's.</summary>
    [StringLength(100, MinimumLength = 1)]
    public string? Tz { get; init; }

    /// <summary>Whether the answer contains the period before, and the changes against it.</summary>
    public ReportComparison Compare { get; init; }
}

/// <summary>The parameters of all reports.</summary>
public abstract record AnalyticsQuery : PeriodQuery
{
    /// <summary>The organization. For platform operators, who must send it except for a campaign.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>json, or csv for a file with all numbers.</summary>
    public ReportFormat Format { get; init; }

    /// <summary>Whether CSV begins with the UTF-8 byte order mark, by which spreadsheets recognize the encoding.</summary>
    public bool Bom { get; init; } = true;
}

/// <summary>The parameters of reports about the leads of an organization or a part of it.</summary>
public abstract record ScopedAnalyticsQuery : AnalyticsQuery
{
    /// <summary>Only leads of this campaign.</summary>
    public Guid? CampaignId { get; init; }

    /// <summary>Only leads of this client.</summary>
    public Guid? ClientId { get; init; }

    /// <summary>Only leads of this agency.</summary>
    public Guid? AgencyId { get; init; }
}

/// <summary>A bound of a report's period, see <see cref="ReportBound"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DateOrTimeAttribute : ValidationAttribute
{
    public DateOrTimeAttribute() => ErrorMessage = ReportBound.Rule;

    public override bool IsValid(object? value) => value is not string text || ReportBound.Read(text) is not null;
}

public enum ReportComparison
{
    Previous,
    None,
}

public enum ReportFormat
{
    Json,
    Csv,
}
