using System.Collections.Frozen;
using System.Text.RegularExpressions;
using static SalesBrain.Core.Webhooks.Events.EventTimestamps;

namespace SalesBrain.Core.Webhooks.Events;

/// <summary>A time of day with its offset from UTC, or with the time zone that gives it. Without both it is UTC.</summary>
internal readonly partial record struct TimeOfDay(TimeSpan SinceMidnight, TimeSpan? Offset, TimeZoneInfo? Zone)
{
    /// <summary>Zone names of RFC 5322 (section 4.3), in hours. Other abbreviations mean several zones.</summary>
    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Zones = new Dictionary<string, int>
    {
        ["Z"] = 0,
        ["UT"] = 0,
        ["UTC"] = 0,
        ["GMT"] = 0,
        ["EST"] = -5,
        ["EDT"] = -4,
        ["CST"] = -6,
        ["CDT"] = -5,
        ["MST"] = -7,
        ["MDT"] = -6,
        ["PST"] = -8,
        ["PDT"] = -7,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>HH:mm[:ss[.f…]] and an offset, a zone or nothing.</summary>
    public static TimeOfDay? Parse(ReadOnlySpan<char> text, TimeZoneInfo? zone)
    {
        if (text.Length > 1 && text[1] == ':')
        {
            // Mails and logs write the hour with one digit too.
            return Digits(text[..1], out var shortHour) ? ParseMinutes(shortHour, text[1..], zone) : null;
        }
        return text.Length >= 5 && text[2] == ':' && Digits(text[..2], out var hour) ? ParseMinutes(hour, text[2..], zone) : null;
    }

    /// <summary>HHmm[ss[.f…]] and an offset, a zone or nothing.</summary>
    public static TimeOfDay? ParseBasic(ReadOnlySpan<char> text, TimeZoneInfo? zone)
    {
        if (text.Length < 4 || !Digits(text[..2], out var hour) || !Digits(text[2..4], out var minute))
        {
            return null;
        }
        return text.Length >= 6 && Digits(text[4..6], out var second)
            ? Of(hour, minute, second, text[6..], zone)
            : Of(hour, minute, 0, text[4..], zone);
    }

    /// <summary>Takes zones in brackets off the end. False if one of them is not a zone of the IANA database.</summary>
    public static bool TryTakeZone(ref ReadOnlySpan<char> text, out TimeZoneInfo? zone)
    {
        zone = null;
        while (text is [.., ']'] && text.LastIndexOf('[') is var bracket && bracket > 0)
        {
            var name = text[(bracket + 1)..^1].TrimStart('!');
            text = text[..bracket].TrimEnd();
            // Others, such as u-ca=hebrew, do not change the moment.
            if (!name.Contains('=') && (!ZoneName().IsMatch(name) || !TimeZoneInfo.TryFindSystemTimeZoneById(name.ToString(), out zone)))
            {
                return false;
            }
        }
        return true;
    }

    public TimeSpan OffsetAt(DateTime local) => Offset ?? Zone?.GetUtcOffset(local) ?? TimeSpan.Zero;

    [GeneratedRegex("^[A-Za-z]+(/[A-Za-z0-9_+-]+){0,2}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ZoneName();

    private static TimeOfDay? ParseMinutes(int hour, ReadOnlySpan<char> text, TimeZoneInfo? zone)
    {
        if (text.Length < 3 || !Digits(text[1..3], out var minute))
        {
            return null;
        }
        text = text[3..];
        if (text is not [':', ..])
        {
            return Of(hour, minute, 0, text, zone);
        }
        return text.Length >= 3 && Digits(text[1..3], out var second) ? Of(hour, minute, second, text[3..], zone) : null;
    }

    private static TimeOfDay? Of(int hour, int minute, int second, ReadOnlySpan<char> rest, TimeZoneInfo? zone)
    {
        var millisecond = 0;
        if (rest is ['.' or ',', ..])
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
        if (hour > 23 || minute > 59 || second > 60 || !TryReadOffset(rest, out var offset))
        {
            return null;
        }
        // A leap second is the last moment of its minute (RFC 3339, section 5.6, allows :60).
        (second, millisecond) = second == 60 ? (59, 999) : (second, millisecond);
        return new TimeOfDay(new TimeSpan(0, hour, minute, second, millisecond), offset, zone);
    }

    /// <summary>A zone name, ±HH:mm, ±HHmm, ±HH, or UTC or GMT with one of these; null if there is none.</summary>
    private static bool TryReadOffset(ReadOnlySpan<char> text, out TimeSpan? offset)
    {
        offset = null;
        var isBehindBlank = text is [' ', ..];
        text = text.Trim(' ');
        if (text.IsEmpty)
        {
            return true;
        }
        if (Zones.TryGetValue(text, out var hours))
        {
            offset = TimeSpan.FromHours(hours);
            return true;
        }
        // Go writes the zone's name behind its offset: +0100 CET.
        if (text is ['+' or '-', ..] && text.IndexOf(' ') is var blank and > 0 && text[(blank + 1)..].IndexOfAnyExceptInRange('A', 'Z') < 0)
        {
            text = text[..blank];
        }
        if (text.StartsWith("UTC", StringComparison.OrdinalIgnoreCase) || text.StartsWith("GMT", StringComparison.OrdinalIgnoreCase))
        {
            text = text[3..].TrimStart(' ');
        }
        var sign = text[0] switch
        {
            '+' => 1,
            '-' or '\u2212' => -1,
            // A form whose sender did not encode the plus.
            _ when isBehindBlank && text is [_, _, ':', _, _] => 1,
            _ => 0,
        };
        var digits = text[0] is '+' or '-' or '\u2212' ? text[1..] : text;
        var minutes = 0;
        var isOffset = sign != 0 && digits.Length switch
        {
            1 => Digits(digits, out hours),
            2 => Digits(digits, out hours),
            4 => Digits(digits[..2], out hours) && Digits(digits[2..], out minutes),
            5 => digits[2] == ':' && Digits(digits[..2], out hours) && Digits(digits[3..], out minutes),
            _ => false,
        };
        offset = new TimeSpan(hours, minutes, 0) * sign;
        return isOffset && hours <= 23 && minutes <= 59;
    }
}
