using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using SalesBrain.Core.Webhooks.Events;

namespace SalesBrain.Core.Tests.Webhooks.Events;

public sealed class EventTimestampsTests
{
    private static readonly DateTime Received = new(2025, 6, 1, 12, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData("2024-10-15T17:08:33.049Z", "2024-10-15T17:08:33.049Z")]
    [InlineData("2024-10-15T17:08:33Z", "2024-10-15T17:08:33.000Z")]
    [InlineData("2024-10-15t17:08:33.0499999999z", "2024-10-15T17:08:33.049Z")]
    [InlineData("2024-10-15T17:08:33.5+02:00", "2024-10-15T15:08:33.500Z")]
    [InlineData("2024-10-15 17:08:33-0530", "2024-10-15T22:38:33.000Z")]
    [InlineData("2024-10-15 17:08:33+00", "2024-10-15T17:08:33.000Z")]
    [InlineData("2024-10-15 17:08:33 +00:00", "2024-10-15T17:08:33.000Z")]
    [InlineData("2024-10-15T17:08", "2024-10-15T17:08:00.000Z")]
    [InlineData("2024-10-15T17:08:33", "2024-10-15T17:08:33.000Z")]
    [InlineData("2024-10-15", "2024-10-15T00:00:00.000Z")]
    [InlineData("2024-02-29", "2024-02-29T00:00:00.000Z")]
    [InlineData("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.999Z")]
    [InlineData("1729012113", "2024-10-15T17:08:33.000Z")]
    [InlineData("1729012113049", "2024-10-15T17:08:33.049Z")]
    [InlineData("1729012113.049", "2024-10-15T17:08:33.049Z")]
    [InlineData("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z")]
    public void Time_is_read(string text, string expected) =>
        Assert.Equal(expected, EventTimestamps.Parse(text)?.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2024-13-01T00:00:00Z")]
    [InlineData("2023-02-29")]
    [InlineData("2024-10-15T24:00:00Z")]
    [InlineData("2024-10-15T17:60:00Z")]
    [InlineData("2024-10-15T17:08:61Z")]
    [InlineData("2024-10-15T17:08:33.Z")]
    [InlineData("2024-10-15T17:08:33 CET")]
    [InlineData("2024-10-15T17:08:33+25:00")]
    [InlineData("2024-10-15X17:08:33Z")]
    [InlineData("0000-10-15T17:08:33Z")]
    [InlineData("9999-12-31T23:59:59-10:00")]
    [InlineData("0001-01-01T00:00:00+10:00")]
    [InlineData("15/10/2024 17:08")]
    [InlineData("1e28")]
    [InlineData("-1e28")]
    [InlineData("1e400")]
    public void Invalid_time_is_missing(string text) => Assert.Null(EventTimestamps.Parse(text));

    [Fact]
    public void Every_moment_is_read_back_to_the_millisecond_from_every_offset() =>
        Prop.ForAll<DateTime, int>((moment, quarters) =>
            {
                var utc = new DateTimeOffset(DateTime.SpecifyKind(moment, DateTimeKind.Unspecified), TimeSpan.Zero);
                var offset = TimeSpan.FromMinutes(quarters % 56 * 15);
                if (utc.Ticks + offset.Ticks is < 0 || utc.Ticks + offset.Ticks > DateTime.MaxValue.Ticks)
                {
                    return true;
                }
                var expected = new DateTime(utc.Ticks - (utc.Ticks % TimeSpan.TicksPerMillisecond), DateTimeKind.Utc);
                return EventTimestamps.Parse(utc.ToOffset(offset).ToString("O", CultureInfo.InvariantCulture)) == expected;
            })
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("2025-06-01T11:00:00Z", "2025-06-01T11:00:00Z")]
    [InlineData("2025-06-01T12:05:00Z", "2025-06-01T12:05:00Z")]
    [InlineData("2025-06-01T12:05:01Z", "2025-06-01T12:00:00Z")]
    [InlineData("9999-12-31T23:59:59Z", "2025-06-01T12:00:00Z")]
    [InlineData("2000-01-01T00:00:00Z", "2000-01-01T00:00:00Z")]
    [InlineData("1999-12-31T23:59:59Z", "2025-06-01T12:00:00Z")]
    [InlineData("1970-01-01T00:00:00Z", "2025-06-01T12:00:00Z")]
    [InlineData("no time", "2025-06-01T12:00:00Z")]
    public void Event_time_is_the_senders_unless_implausible(string timestamp, string occurred)
    {
        var sent = Payloads.Instantly($$"""{"event_type": "email_sent", "timestamp": "{{timestamp}}"}""");

        Assert.Equal(EventTimestamps.Parse(occurred), sent.OccurredAt(Received));
    }
}
