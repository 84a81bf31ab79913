using NCrontab;
using SalesBrain.LocalHost.Hosting;

namespace SalesBrain.Tests.Hosting;

public sealed class CronWordsTests
{
    [Theory]
    [InlineData("* * * * * *", "every second")]
    [InlineData("*/30 * * * * *", "every 30 seconds")]
    [InlineData("0 * * * * *", "every minute")]
    [InlineData("20 * * * * *", "every minute at second 20")]
    [InlineData("0 */1 * * * *", "every minute")]
    [InlineData("0 */15 * * * *", "every 15 minutes")]
    [InlineData("0 0 * * * *", "hourly at minute 0")]
    [InlineData("0 17 * * * *", "hourly at minute 17")]
    [InlineData("0 5 */6 * * *", "every 6 hours at minute 5")]
    [InlineData("0 30 3 * * *", "daily at 03:30 UTC")]
    [InlineData("15 0 23 * * *", "daily at 23:00:15 UTC")]
    [InlineData(" 0  30 3 * * * ", "daily at 03:30 UTC")]
    [InlineData("0 0 4 * * 0", "weekly on Sunday at 04:00 UTC")]
    [InlineData("0 0 4 * * mon", "weekly on Monday at 04:00 UTC")]
    [InlineData("0 10 2 1 * *", "monthly on day 1 at 02:10 UTC")]
    public void Usual_schedule_is_said_in_words(string expression, string words) => Assert.Equal(words, CronWords.Describe(expression));

    [Theory]
    [InlineData("0 */7 * * * *")]
    [InlineData("0 0,30 8-17 * * 1-5")]
    [InlineData("0 0 0 31 * *")]
    [InlineData("0 0 0 1 1 *")]
    [InlineData("*/30 0 * * * *")]
    [InlineData("0 61 * * * *")]
    [InlineData("*/15 * * * *")]
    [InlineData("%EveryHourSchedule%")]
    [InlineData("")]
    public void Any_other_is_given_as_it_is(string expression) => Assert.Equal(expression, CronWords.Describe(expression));

    /// <summary>The words are checked against what the schedule really does.</summary>
    [Fact]
    public void Every_n_seconds_or_minutes_means_equal_distances()
    {
        foreach (var (field, unit) in new[] { ("*/{0} * * * * *", "second"), ("0 */{0} * * * *", "minute") })
        {
            for (var n = 1; n < 60; n++)
            {
                var expression = string.Format(field, n);
                var times = CrontabSchedule.Parse(expression, new CrontabSchedule.ParseOptions { IncludingSeconds = true })
                    .GetNextOccurrences(new DateTime(2026, 1, 1), new DateTime(2026, 1, 1, 3, 0, 0))
                    .ToList();
                var distances = times.Zip(times.Skip(1), (earlier, later) => later - earlier).Distinct().ToList();

                Assert.Equal(
                    distances.Count == 1,
                    CronWords.Describe(expression).StartsWith($"every {(n == 1 ? unit : $"{n} {unit}s")}", StringComparison.Ordinal));
            }
        }
    }
}
