using FsCheck;
using FsCheck.Fluent;
using SalesBrain.Core.Webhooks.Stats;

namespace SalesBrain.Core.Tests.Webhooks.Stats;

public sealed class StatsRangeTests
{
    private static readonly DateTime Start = new(2026, 2, 27, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Pieces_cover_every_range_exactly_once() =>
        Prop.ForAll(
            (from start in Gen.OneOf(Minutes(), Minutes().Select(m => m / 60 * 60), Minutes().Select(m => m / 1440 * 1440))
             from length in Minutes()
             from byDay in Gen.Elements(true, false)
             select (start, length, byDay)).ToArbitrary(),
            input =>
            {
                var (start, length, byDay) = input;
                var range = new StatsRange(Start.AddMinutes(start), Start.AddMinutes(start + length + 1), StatsInterval.Day);

                var slices = range.Slices(byDay);
                var pieces = slices.Select(slice => (slice.From, slice.To)).Concat(range.Edges()).OrderBy(piece => piece.From).ToList();

                var covered = pieces[0].From == range.From && pieces[^1].To == range.To
                    && pieces.Zip(pieces.Skip(1)).All(pair => pair.First.To == pair.Second.From)
                    && pieces.All(piece => piece.From < piece.To);
                var aligned = slices.All(slice =>
                    IsFull(slice.From, slice.Period) && IsFull(slice.To, slice.Period) && (byDay || slice.Period == "hour"));
                var small = range.Edges().Sum(edge => (edge.To - edge.From).TotalHours) < 2
                    && slices.Where(slice => byDay && slice.Period == "hour").Sum(slice => (slice.To - slice.From).TotalHours) < 48;
                return covered && aligned && small;
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void Buckets_follow_each_other_and_cover_the_range() =>
        Prop.ForAll(
            (from start in Minutes()
             from length in Minutes()
             from interval in Gen.Elements(StatsInterval.Hour, StatsInterval.Day)
             select new StatsRange(Start.AddMinutes(start), Start.AddMinutes(start + length + 1), interval)).ToArbitrary(),
            range =>
            {
                var buckets = range.Buckets().ToList();

                return buckets[0] <= range.From && buckets[0] + range.Width > range.From && buckets[^1] < range.To && buckets[^1] + range.Width >= range.To
                    && buckets.Zip(buckets.Skip(1)).All(pair => pair.First + range.Width == pair.Second);
            }).QuickCheckThrowOnFailure();

    private static Gen<int> Minutes() => Gen.Choose(0, 10 * 1440);

    private static bool IsFull(DateTime time, string period) =>
        period == "day" ? time.TimeOfDay == TimeSpan.Zero : time.TimeOfDay.Ticks % TimeSpan.TicksPerHour == 0;
}
