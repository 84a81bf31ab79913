using SalesBrain.Core.Analytics;

namespace SalesBrain.Core.Tests.Analytics;

public sealed class ReportPeriodTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null, 30)]
    [InlineData("7d", 7)]
    [InlineData("30d", 30)]
    [InlineData("90d", 90)]
    [InlineData("1y", 365)]
    public void Range_is_a_number_of_days(string? range, int days) =>
        Assert.Equal(new ReportPeriod(days, null, null, ReportGrouping.Week), Read(range, null, null, ReportGrouping.Week).Period);

    [Fact]
    public void Bounds_are_dates_or_instants()
    {
        var dates = Read(null, "2026-10-24", "2026-10-26").Period!;
        var instants = Read(null, "2026-10-24T22:00:00+02:00", "2026-10-25t09:30z").Period!;

        Assert.Equal(new ReportBound(new DateOnly(2026, 10, 24), null), dates.From);
        Assert.Equal(new ReportBound(new DateOnly(2026, 10, 26), null), dates.To);
        Assert.Equal(new ReportBound(null, new DateTime(2026, 10, 24, 20, 0, 0, DateTimeKind.Utc)), instants.From);
        Assert.Equal(new ReportBound(null, new DateTime(2026, 10, 25, 9, 30, 0, DateTimeKind.Utc)), instants.To);
        Assert.Null(Read(null, "2026-10-24", null).Period!.To);
    }

    [Theory]
    [InlineData("8d", null, null, "range")]
    [InlineData("7D", null, null, "range")]
    [InlineData("7d", "2026-10-24", null, "range")]
    [InlineData(null, null, "2026-10-24", "date_from")]
    [InlineData(null, "2026-10-24T10:00:00", null, "date_from")]
    [InlineData(null, "2026-02-30", null, "date_from")]
    [InlineData(null, "1969-12-31", null, "date_from")]
    [InlineData(null, "2026-10-24", "24.10.2026", "date_to")]
    [InlineData(null, "2026-10-25", "2026-10-24", "date_to")]
    [InlineData(null, "2026-10-25T00:00:00.5Z", "2026-10-25T00:00:00Z", "date_to")]
    [InlineData(null, "2027-01-01", null, "date_from")]
    [InlineData(null, "2020-01-01", "2026-01-01", "date_from")]
    public void Wrong_parameter_is_named(string? range, string? from, string? to, string parameter)
    {
        var (period, wrong, message) = Read(range, from, to);

        Assert.Null(period);
        Assert.Equal(parameter, wrong);
        Assert.NotEmpty(message);
    }

    [Theory]
    [InlineData("2026-10-25T00:00:00Z", "2026-10-25T00:00:00Z")]
    [InlineData("2026-10-25", "2026-10-25")]
    [InlineData("2025-11-01", "2026-11-30")]
    public void Empty_period_and_long_period_are_possible(string from, string to) => Assert.NotNull(Read(null, from, to).Period);

    [Fact]
    public void Longer_period_needs_wider_buckets() => Assert.NotNull(Read(null, "2020-01-01", "2026-01-01", ReportGrouping.Week).Period);

    [Theory]
    [InlineData("2025-10-25", "2026-11-28", ReportGrouping.Day)]
    [InlineData("2019-04-01", "2026-11-28", ReportGrouping.Week)]
    [InlineData("1993-08-01", "2026-11-28", ReportGrouping.Month)]
    [InlineData("1993-08-01", null, ReportGrouping.Month)]
    public void Series_of_400_buckets_is_possible(string from, string? to, ReportGrouping grouping) =>
        Assert.NotNull(Read(null, from, to, grouping).Period);

    [Theory]
    [InlineData("2020-01-01", "2026-11-28", ReportGrouping.Day)]
    [InlineData("1990-01-01", "2026-11-28", ReportGrouping.Week)]
    [InlineData("1970-01-01", "9998-12-31", ReportGrouping.Month)]
    public void Series_of_many_more_buckets_is_not(string from, string to, ReportGrouping grouping) =>
        Assert.Equal("date_from", Read(null, from, to, grouping).Parameter);

    private static (ReportPeriod? Period, string Parameter, string Message) Read(
        string? range, string? from, string? to, ReportGrouping grouping = ReportGrouping.Day) =>
        ReportPeriod.Read(range, from, to, grouping, Now);
}
