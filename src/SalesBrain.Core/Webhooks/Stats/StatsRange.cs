namespace SalesBrain.Core.Webhooks.Stats;

/// <summary>
/// The time range of statistics, in UTC, with an exclusive end. Whole days and hours are read from counters; the partial hours at both ends
/// are counted from the logs.
/// </summary>
public sealed record StatsRange(DateTime From, DateTime To, StatsInterval Interval)
{
    /// <summary>The longest range.</summary>
    public const int MaxDays = 400;

    /// <summary>The longest range with hourly buckets, to limit the size of the response.</summary>
    public const int MaxDaysHourly = 92;

    private const int DefaultDays = 30;
    private const int DefaultDaysHourly = 7;

    /// <summary>The bucket width.</summary>
    public TimeSpan Width => WidthOf(Interval);

    /// <summary>The start of the first whole hour in the range.</summary>
    public DateTime FirstHour => Ceiling(From, TimeSpan.FromHours(1));

    /// <summary>The end of the last whole hour in the range. Not after <see cref="FirstHour"/> if the range has no whole hour.</summary>
    public DateTime EndHour => Floor(To, TimeSpan.FromHours(1));

    /// <summary>
    /// The requested range. Defaults: up to the end of the current bucket, 30 days long, hourly for at most 7 days. If it is invalid,
    /// returns the parameter and the message instead.
    /// </summary>
    public static (StatsRange? Range, string Parameter, string Message) Resolve(
        DateTime? from, DateTime? to, StatsInterval? interval, DateTime now)
    {
        var width = interval
            ?? (from is null || (to ?? now) - from > TimeSpan.FromDays(DefaultDaysHourly) ? StatsInterval.Day : StatsInterval.Hour);
        var end = to ?? Floor(now, WidthOf(width)) + WidthOf(width);
        var range = new StatsRange(from ?? end.AddDays(-DefaultDays), end, width);
        return (range.To - range.From) switch
        {
            var length when length <= TimeSpan.Zero => (null, "date_from", "must be before date_to"),
            var length when length > TimeSpan.FromDays(MaxDays) => (null, "date_from", $"must be at most {MaxDays} days before date_to"),
            var length when width == StatsInterval.Hour && length > TimeSpan.FromDays(MaxDaysHourly) =>
                (null, "interval", $"must be day for ranges of more than {MaxDaysHourly} days"),
            _ => (range, "", ""),
        };
    }

    /// <summary>The start of every bucket, without gaps. The first bucket can start before <see cref="From"/>.</summary>
    public IEnumerable<DateTime> Buckets()
    {
        for (var bucket = Floor(From, Width); bucket < To; bucket += Width)
        {
            yield return bucket;
        }
    }

    /// <summary>The whole hours of the range as hourly tallies and, where <paramref name="byDay"/>, its whole days as daily ones.</summary>
    public IReadOnlyList<TallySlice> Slices(bool byDay)
    {
        var firstDay = Ceiling(FirstHour, TimeSpan.FromDays(1));
        var endDay = Floor(EndHour, TimeSpan.FromDays(1));
        TallySlice[] slices = byDay && firstDay < endDay
            ? [new("hour", FirstHour, firstDay), new("day", firstDay, endDay), new("hour", endDay, EndHour)]
            : [new("hour", FirstHour, EndHour)];
        return slices.Where(slice => slice.From < slice.To).ToList();
    }

    /// <summary>The parts of the range that are not whole hours.</summary>
    public IReadOnlyList<(DateTime From, DateTime To)> Edges()
    {
        (DateTime From, DateTime To)[] edges = FirstHour < EndHour ? [(From, FirstHour), (EndHour, To)] : [(From, To)];
        return edges.Where(edge => edge.From < edge.To).ToList();
    }

    private static TimeSpan WidthOf(StatsInterval interval) =>
        interval == StatsInterval.Hour ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);

    private static DateTime Floor(DateTime time, TimeSpan width) => time.AddTicks(-(time.Ticks % width.Ticks));

    private static DateTime Ceiling(DateTime time, TimeSpan width) => Floor(time.AddTicks(width.Ticks - 1), width);
}

/// <summary>A part of a range that is read from the counters of one period, <c>hour</c> or <c>day</c>.</summary>
public sealed record TallySlice(string Period, DateTime From, DateTime To);
