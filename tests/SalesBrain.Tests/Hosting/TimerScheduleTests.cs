using Microsoft.Extensions.Configuration;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.LocalHost.Startup;
using SalesBrain.Tests.Hosting.Samples;

namespace SalesBrain.Tests.Hosting;

public sealed class TimerScheduleTests
{
    private static readonly TimerFunction EveryHour = FunctionCatalog.Load(typeof(EveryHour)).Timers.Single();

    [Theory]
    [InlineData("EveryHourSchedule")]
    [InlineData("everyhourschedule")]
    public void Setting_is_found_in_any_letter_case(string key) =>
        Assert.Equal("0 0 * * * *", TimerSchedule.Of(EveryHour, Settings(key, "0 0 * * * *")).Expression);

    [Fact]
    public void Literal_schedule_needs_no_setting() =>
        Assert.Equal(
            "*/5 * * * * *",
            TimerSchedule.Of(EveryHour with { Schedule = "*/5 * * * * *" }, new ConfigurationBuilder().Build()).Expression);

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    public void Missing_setting_is_named_with_the_function_and_what_it_should_be(string? value)
    {
        var refusal = Assert.Throws<StartupException>(() => TimerSchedule.Of(EveryHour, Settings("EveryHourSchedule", value)));

        Assert.Equal(
            "Setting EveryHourSchedule is missing: the timer EveryHour needs an NCRONTAB expression of six fields in UTC, such as '0 */15 "
            + "* * * *' for every 15 minutes.",
            refusal.Message);
    }

    [Theory]
    [InlineData("*/15 * * * *")]
    [InlineData("0 61 * * * *")]
    [InlineData("00:15:00")]
    [InlineData("hourly")]
    [InlineData("0 0 0 30 2 *")]
    public void Malformed_schedule_is_refused_with_its_value(string value)
    {
        var fromSetting = Assert.Throws<StartupException>(() => TimerSchedule.Of(EveryHour, Settings("EveryHourSchedule", value)));
        var literal = Assert.Throws<StartupException>(
            () => TimerSchedule.Of(EveryHour with { Schedule = value }, new ConfigurationBuilder().Build()));

        Assert.StartsWith(
            $"Setting EveryHourSchedule is '{value}': the timer EveryHour needs", fromSetting.Message, StringComparison.Ordinal);
        Assert.StartsWith($"EveryHour: its schedule '{value}' should be", literal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0 */15 * * * *", "2026-03-29T00:59:30Z", "2026-03-29T01:00:00Z")]
    [InlineData("0 30 2 * * *", "2026-03-29T01:00:00Z", "2026-03-29T02:30:00Z")]
    [InlineData("0 0 0 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("0 0 * * * *", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z")]
    public void Next_time_is_after_the_given_one_in_UTC(string expression, string after, string next)
    {
        var actual = TimerSchedule.Of(EveryHour with { Schedule = expression }, new ConfigurationBuilder().Build())
            .NextAfter(DateTimeOffset.Parse(after).UtcDateTime);

        Assert.Equal(DateTimeOffset.Parse(next).UtcDateTime, actual);
        Assert.Equal(DateTimeKind.Utc, actual.Kind);
    }

    private static IConfigurationRoot Settings(string key, string? value) =>
        new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();
}
