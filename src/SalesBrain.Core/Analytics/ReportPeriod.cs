using System.Globalization;
using System.Text.RegularExpressions;

namespace SalesBrain.Core.Analytics;

/// <summary>The width of a report's buckets. Weeks begin on Monday (ISO 8601).</summary>
public enum ReportGrouping
{
    Day,
    Week,
    Month,
}

/// <summary>
/// The period of a report as the caller asked for it: a number of local days up to today, or two bounds. The time zone turns it into
/// instants (<c>app.report_period</c>), because only PostgreSQL's zones count.
/// </summary>
public sealed record ReportPeriod(int? Days, ReportBound? From, ReportBound? To, ReportGrouping Grouping)
{
    /// <summary>Maximum number of buckets in a series.</summary>
    public const int MaxBuckets = 400;

    private const int DefaultDays = 30;

    private static readonly Dictionary<string, int> Ranges = new(StringComparer.Ordinal)
    {
        ["7d"] = 7,
        ["30d"] = 30,
        ["90d"] = 90,
        ["1y"] = 365,
    };

    /// <summary>
    /// Reads the parameters <c>range</c>, <c>date_from</c>, <c>date_to</c> and <c>group_by</c>. Without any it is 30 days by day. Null: the
    /// parameter that is wrong and what it should be are in the other two values.
    /// </summary>
    public static (ReportPeriod? Period, string Parameter, string Message) Read(
        string? range, string? dateFrom, string? dateTo, ReportGrouping grouping, DateTimeOffset now)
    {
        if (range is not null && (dateFrom ?? dateTo) is not null)
        {
            return (null, "range", "must not be sent together with date_from and date_to");
        }
        if (range is not null && !Ranges.ContainsKey(range))
        {
            return (null, "range", "must be one of " + string.Join(", ", Ranges.Keys));
        }
        var (from, to) = (ReportBound.Read(dateFrom), ReportBound.Read(dateTo));
        if (dateFrom is not null && from is null)
        {
            return (null, "date_from", ReportBound.Rule);
        }
        if (dateTo is not null && to is null)
        {
            return (null, "date_to", ReportBound.Rule);
        }
        if (from is null)
        {
            return to is null
                ? (new(range is null ? DefaultDays : Ranges[range], null, null, grouping), "", "")
                : (null, "date_from", "is required with date_to");
        }
        // The zone may move the bounds by less than a day.
        var (first, last) = (from.Day, (to?.Day ?? DateOnly.FromDateTime(now.UtcDateTime)).AddDays(1));
        if (to is not null ? IsAfter(from, to) : first > last)
        {
            return (null, to is null ? "date_from" : "date_to", to is null ? "must not be in the future" : "must not be before date_from");
        }
        var days = last.DayNumber - first.DayNumber + 1;
        // No more than there are: the zone decides, and the exact number is checked with it.
        var buckets = grouping switch { ReportGrouping.Day => days, ReportGrouping.Week => (days / 7) + 2, _ => (days / 31) + 2 };
        return buckets > MaxBuckets + 2
            ? (null, "date_from", $"must not be so early: a series has at most {MaxBuckets} buckets. Choose a shorter period or a wider group_by")
            : (new(null, from, to, grouping), "", "");
    }

    private static bool IsAfter(ReportBound from, ReportBound to) => (from.Instant, to.Instant) switch
    {
        ({ } first, { } last) => first > last,
        // A date ends a day after it began.
        _ => from.Day > to.Day.AddDays(from.Instant is null && to.Instant is null ? 0 : 1),
    };
}

/// <summary>A bound of a period: a local date, or an instant. A date as the upper bound includes its day.</summary>
public sealed partial record ReportBound(DateOnly? Date, DateTime? Instant)
{
    /// <summary>What a bound must be.</summary>
    public const string Rule = "must be a date (2026-01-31) or an RFC 3339 time with an offset (2026-01-31T09:30:00Z), from 1970 to 9998";

    /// <summary>The shape of a bound as a regular expression.</summary>
    public const string Pattern = @"^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,7})?)?([Zz]|[+-][0-9]{2}:[0-9]{2}))?$";

    private static readonly string[] TimeFormats = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>The day, of an instant in UTC.</summary>
    public DateOnly Day => Date ?? DateOnly.FromDateTime(Instant!.Value);

    /// <summary>Null if the text is neither.</summary>
    public static ReportBound? Read(string? text)
    {
        if (text is null || !Shape().IsMatch(text))
        {
            return null;
        }
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return date.Year is >= 1970 and <= 9998 ? new(date, null) : null;
        }
        return DateTimeOffset.TryParseExact(text.ToUpperInvariant(), TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            && time.UtcDateTime.Year is >= 1970 and <= 9998 ? new(null, time.UtcDateTime) : null;
    }

    [GeneratedRegex(Pattern, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Shape();
}
