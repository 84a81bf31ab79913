using System.Globalization;
using System.Text.Json;
using SalesBrain.Core.Webhooks.Events.Sources;

namespace SalesBrain.Core.Webhooks.Events;

/// <summary>
/// Parses the timestamps that senders use: RFC 3339 and basic ISO 8601, also with a zone in brackets (RFC 9557) or <c>UTC</c> behind a
/// blank; dates as mails and JavaScript write them (<see cref="MailDates"/>); and the time since 1970 as a number or text. A date without a
/// time is no timestamp. Dates whose day and month could be confused (11/12/2026) are not read.
/// </summary>
public static class EventTimestamps
{
    /// <summary>
    /// How far ahead of the receipt a timestamp is still believed. A day: a local time that was sent without its offset is at most 14 hours
    /// ahead.
    /// </summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromHours(24);

    /// <summary>Nothing that is received today happened before this.</summary>
    public static readonly DateTime Earliest = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private const int MaxLength = 100;

    /// <summary>
    /// From here on a number counts milliseconds, microseconds, nanoseconds: in the unit before, each would be the year 5138, in its own it
    /// is 1973.
    /// </summary>
    private const decimal SmallestMilliseconds = 1e11m;
    private const decimal SmallestMicroseconds = 1e14m;
    private const decimal SmallestNanoseconds = 1e17m;

    /// <summary>The time in a JSON value, UTC to the millisecond; null when it isn't one.</summary>
    public static DateTime? Read(JsonElement value) => PayloadText.Whole(value, MaxLength) is { } text ? Parse(text) : null;

    /// <summary>The time in a text, UTC to the millisecond; null when it isn't one.</summary>
    public static DateTime? Parse(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        while (text is [.., ')'] && text.LastIndexOf('(') is var comment && comment > 0)
        {
            text = text[..comment].TrimEnd();
        }
        if (!TimeOfDay.TryTakeZone(ref text, out var zone))
        {
            return null;
        }
        if (text is [_, _, _, _, '-' or '/', ..])
        {
            return ParseDate(text, zone);
        }
        if (text.Length >= 13 && text[8] is 'T' or 't' or ' ' && Digits(text[..8], out _))
        {
            return ParseBasic(text[..8], text[9..], zone);
        }
        if (text.Length == 14 && text.IndexOfAnyExceptInRange('0', '9') < 0)
        {
            return ParseBasic(text[..8], text[8..], zone);
        }
        return MailDates.Parse(text, zone) ?? ParseNumber(text);
    }

    internal static bool Digits(ReadOnlySpan<char> text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    /// <summary>The moment of a local date and time; null if there is no such date.</summary>
    internal static DateTime? Moment(int year, int month, int day, TimeOfDay time)
    {
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return null;
        }
        var local = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Unspecified) + time.SinceMidnight;
        var ticks = local.Ticks - time.OffsetAt(local).Ticks;
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks ? new DateTime(ticks, DateTimeKind.Utc) : null;
    }

    private static DateTime? ParseNumber(ReadOnlySpan<char> text)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }
        number = Math.Abs(number) switch
        {
            < SmallestMilliseconds => number * 1000,
            < SmallestMicroseconds => number,
            < SmallestNanoseconds => number / 1000,
            _ => number / 1_000_000,
        };
        return number >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && number <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Floor(number)).UtcDateTime
            : null;
    }

    /// <summary>yyyy-MM-dd or yyyy/MM/dd, a T or a blank, and a time.</summary>
    private static DateTime? ParseDate(ReadOnlySpan<char> text, TimeZoneInfo? zone) =>
        text.Length > 11 && text[7] == text[4] && text[10] is 'T' or 't' or ' '
        && Digits(text[..4], out var year) && Digits(text[5..7], out var month) && Digits(text[8..10], out var day)
        && TimeOfDay.Parse(text[11..], zone) is { } time
            ? Moment(year, month, day, time)
            : null;

    /// <summary>yyyyMMdd, and HHmm, HHmmss or a time with colons.</summary>
    private static DateTime? ParseBasic(ReadOnlySpan<char> date, ReadOnlySpan<char> text, TimeZoneInfo? zone) =>
        Digits(date[..4], out var year) && Digits(date[4..6], out var month) && Digits(date[6..], out var day)
        && (TimeOfDay.ParseBasic(text, zone) ?? TimeOfDay.Parse(text, zone)) is { } time
            ? Moment(year, month, day, time)
            : null;
}
