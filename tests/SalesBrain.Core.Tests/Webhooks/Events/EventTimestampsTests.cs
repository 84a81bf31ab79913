using System.Globalization;
using System.Text.Json;
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
    [InlineData("2024-02-29T00:00", "2024-02-29T00:00:00.000Z")]
    [InlineData("2026-11-27T07:00:00.123456789Z", "2026-11-27T07:00:00.123Z")]
    [InlineData("2026-11-27 07:00:00 UTC", "2026-11-27T07:00:00.000Z")]
    [InlineData("2026-11-27 08:00:00.5 +0100 CET", "2026-11-27T07:00:00.500Z")]
    [InlineData("2026-11-27T08:00:00 UTC+1", "2026-11-27T07:00:00.000Z")]
    [InlineData("2026-11-27T08:00:00 01:00", "2026-11-27T07:00:00.000Z")]
    [InlineData("2026-11-27T02:00:00 EST", "2026-11-27T07:00:00.000Z")]
    [InlineData("2026/11/27 07:00:00", "2026-11-27T07:00:00.000Z")]
    [InlineData("2026-11-27T08:00:00+01:00[Europe/Paris]", "2026-11-27T07:00:00.000Z")]
    [InlineData("2026-11-27T08:00:00+02:00[Europe/Paris]", "2026-11-27T06:00:00.000Z")]
    [InlineData("2026-11-27T08:00:00[Europe/Paris]", "2026-11-27T07:00:00.000Z")]
    [InlineData("2026-07-27T08:00:00[!Europe/Paris][u-ca=iso8601]", "2026-07-27T06:00:00.000Z")]
    [InlineData("2026-03-29T02:30:00[Europe/Paris]", "2026-03-29T01:30:00.000Z")]
    [InlineData("20261127T070000Z", "2026-11-27T07:00:00.000Z")]
    [InlineData("20261127T080000.25+0100", "2026-11-27T07:00:00.250Z")]
    [InlineData("20261127T0700", "2026-11-27T07:00:00.000Z")]
    [InlineData("20261127 07:00:00", "2026-11-27T07:00:00.000Z")]
    [InlineData("20261127070000", "2026-11-27T07:00:00.000Z")]
    [InlineData("Fri, 27 Nov 2026 07:00:00 GMT", "2026-11-27T07:00:00.000Z")]
    [InlineData("Fri, 27 Nov 2026 08:00:00 +0100", "2026-11-27T07:00:00.000Z")]
    [InlineData("Fri, 27 Nov 2026 08:00:00 +0100 (CET)", "2026-11-27T07:00:00.000Z")]
    [InlineData("27 Nov 2026 07:00 -0000", "2026-11-27T07:00:00.000Z")]
    [InlineData("27 NOV 26 02:00:00 EST", "2026-11-27T07:00:00.000Z")]
    [InlineData("1 Jan 2026 7:05 UT", "2026-01-01T07:05:00.000Z")]
    [InlineData("Friday, 27-Nov-26 07:00:00 GMT", "2026-11-27T07:00:00.000Z")]
    [InlineData("Fri Nov 27 2026 08:00:00 GMT+0100 (Central European Standard Time)", "2026-11-27T07:00:00.000Z")]
    [InlineData("Fri Nov 27 07:00:00 2026", "2026-11-27T07:00:00.000Z")]
    [InlineData("Fri Nov 27 07:00:00 UTC 2026", "2026-11-27T07:00:00.000Z")]
    [InlineData("November 27, 2026 07:00:00", "2026-11-27T07:00:00.000Z")]
    [InlineData("1729012113049123", "2024-10-15T17:08:33.049Z")]
    [InlineData("1729012113049123456", "2024-10-15T17:08:33.049Z")]
    [InlineData("1.729012113049e9", "2024-10-15T17:08:33.049Z")]
    [InlineData("0", "1970-01-01T00:00:00.000Z")]
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
    [InlineData("2023-02-29T10:00")]
    [InlineData("2024-10-15")]
    [InlineData("2024-10-15T")]
    [InlineData("15 Oct 2024")]
    [InlineData("Fri, 31 Nov 2026 07:00:00 GMT")]
    [InlineData("Fri, 27 Foo 2026 07:00:00 GMT")]
    [InlineData("27 Nov 2026 07:00:00 XYZ")]
    [InlineData("11/12/2026 07:00:00")]
    [InlineData("11.12.2026 07:00")]
    [InlineData("2026-11-27T08:00:00[Mars/Phobos]")]
    [InlineData("2026-11-27T08:00:00[../../etc/passwd]")]
    [InlineData("20261327T070000Z")]
    [InlineData("()")]
    [InlineData("[]")]
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
    public void Arbitrary_texts_are_read_or_not() =>
        Prop.ForAll(
                Gen.Elements(
                        "2026", "-", "/", "T", ":", "27", "Nov", "Fri", ",", " ", "(", ")", "[", "]", "Europe/Paris", "+", "01", "00", "Z",
                        "GMT", "EST", ".", "e", "1", "20261127", "é", "\ud83d")
                    .ArrayOf().Select(string.Concat).ToArbitrary(),
                text => EventTimestamps.Parse(text) is not { Kind: not DateTimeKind.Utc })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Fact]
    public void Public_cases_are_read()
    {
        foreach (var id in (string[])["P10", "P13"])
        {
            var file = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures", "public-cases"), id + "-*.json").Single();
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            foreach (var pair in document.RootElement.GetProperty("input").GetProperty("values").EnumerateArray())
            {
                Assert.Equal(
                    DateTime.Parse(pair[1].GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal),
                    EventTimestamps.Read(pair[0]));
            }
        }
    }

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
    [InlineData("2025-06-02T12:00:00Z", "2025-06-02T12:00:00Z")]
    [InlineData("2025-06-02T12:00:01Z", "2025-06-01T12:00:00Z")]
    [InlineData("9999-12-31T23:59:59Z", "2025-06-01T12:00:00Z")]
    [InlineData("2000-01-01T00:00:00Z", "2000-01-01T00:00:00Z")]
    [InlineData("1999-12-31T23:59:59Z", "2025-06-01T12:00:00Z")]
    [InlineData("1970-01-01T00:00:00Z", "2025-06-01T12:00:00Z")]
    [InlineData("0001-01-01T00:00:00Z", "2025-06-01T12:00:00Z")]
    [InlineData("2099-01-01T00:00:00Z", "2025-06-01T12:00:00Z")]
    [InlineData("2025-06-01", "2025-06-01T12:00:00Z")]
    [InlineData("0", "2025-06-01T12:00:00Z")]
    [InlineData("no time", "2025-06-01T12:00:00Z")]
    public void Event_time_is_the_senders_unless_implausible(string timestamp, string occurred)
    {
        var sent = Payloads.Instantly($$"""{"event_type": "email_sent", "timestamp": "{{timestamp}}"}""");

        Assert.Equal(EventTimestamps.Parse(occurred), sent.OccurredAt(Received));
    }
}
