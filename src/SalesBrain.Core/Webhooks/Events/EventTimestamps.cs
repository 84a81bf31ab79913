using System.Globalization;
using System.Text.Json;
using SalesBrain.Core.Webhooks.Events.Sources;

namespace SalesBrain.Core.Webhooks.Events;

/// <summary>
/// Parses the timestamps that senders use: RFC 3339 with any offset (default UTC; a space can replace the T), or seconds or milliseconds
/// since 1970 as a number or text.
/// </summary>
public static class EventTimestamps
{
    /// <summary>How far a sender's clock may be ahead before its timestamps are not believed.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    /// <summary>Nothing that is received today happened before this.</summary>
    public static readonly DateTime Earliest = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>From here on a number counts milliseconds: as seconds it would be the year 5138, as milliseconds it is 1973.</summary>
    private const decimal SmallestMilliseconds = 100_000_000_000m;

    /// <summary>The time in a JSON value, UTC to the millisecond; null when it isn't one.</summary>
    public static DateTime? Read(JsonElement value) => PayloadText.Whole(value, 64) is { } text ? Parse(text) : null;

    /// <summary>The time in a text, UTC to the millisecond; null when it isn't one.</summary>
    public static DateTime? Parse(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        return text.Length >= 10 && text[4] == '-' ? ParseDate(text) : ParseNumber(text);
    }

    private static DateTime? ParseNumber(ReadOnlySpan<char> text)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }
        if (Math.Abs(number) < SmallestMilliseconds)
        {
            number *= 1000;
        }
        return number >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && number <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Floor(number)).UtcDateTime
            : null;
    }

    /// <summary>yyyy-MM-dd, then nothing or HH:mm[:ss[.f…]] and Z, ±HH:mm, ±HHmm, ±HH or nothing.</summary>
    private static DateTime? ParseDate(ReadOnlySpan<char> text)
    {
        if (text[7] != '-' || !Digits(text[..4], out var year) || !Digits(text[5..7], out var month) || !Digits(text[8..10], out var day)
            || year == 0 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return null;
        }
        var date = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc);
        var rest = text[10..];
        if (rest.IsEmpty)
        {
            return date;
        }
        if (rest.Length < 6 || rest[0] is not ('T' or 't' or ' ') || rest[3] != ':'
            || !Digits(rest[1..3], out var hour) || !Digits(rest[4..6], out var minute) || hour > 23 || minute > 59)
        {
            return null;
        }
        var (second, millisecond) = (0, 0);
        rest = rest[6..];
        if (rest.Length >= 3 && rest[0] == ':')
        {
            if (!Digits(rest[1..3], out second) || second > 60)
            {
                return null;
            }
            rest = rest[3..];
            if (rest.Length > 1 && rest[0] is '.' or ',')
            {
                var end = rest[1..].IndexOfAnyExceptInRange('0', '9') is var other and >= 0 ? other + 1 : rest.Length;
                if (end == 1)
                {
                    return null;
                }
                Span<char> digits = ['0', '0', '0'];
                rest[1..Math.Min(end, 4)].CopyTo(digits);
                Digits(digits, out millisecond);
                rest = rest[end..];
            }
        }
        // A leap second is the last moment of its minute (RFC 3339, section 5.6, allows :60).
        (second, millisecond) = second == 60 ? (59, 999) : (second, millisecond);
        if (!Offset(rest, out var offset))
        {
            return null;
        }
        var ticks = date.Ticks + new TimeSpan(0, hour, minute, second, millisecond).Ticks - offset.Ticks;
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks ? new DateTime(ticks, DateTimeKind.Utc) : null;
    }

    private static bool Offset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        text = text.TrimStart(' ');
        if (text.IsEmpty || text is "Z" or "z")
        {
            return true;
        }
        var minutes = 0;
        var valid = text[0] is '+' or '-' && text.Length switch
        {
            3 => true,
            5 => Digits(text[3..5], out minutes),
            6 => text[3] == ':' && Digits(text[4..6], out minutes),
            _ => false,
        };
        if (!valid || !Digits(text[1..3], out var hours) || hours > 23 || minutes > 59)
        {
            return false;
        }
        offset = new TimeSpan(hours, minutes, 0) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool Digits(ReadOnlySpan<char> text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
