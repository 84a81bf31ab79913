using static SalesBrain.Core.Webhooks.Events.EventTimestamps;

namespace SalesBrain.Core.Webhooks.Events;

/// <summary>
/// Dates with the name of the month: as mails and HTTP write them (RFC 5322, RFC 9110), and as <c>Date.toString()</c> of JavaScript and the
/// command <c>date</c> do.
/// </summary>
internal static class MailDates
{
    private const int MaxWords = 9;

    private static readonly string[] Days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    private static readonly string[] Months =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    /// <summary>The moment, or null. Words of one sentence: a day's name, the date, the time, the zone.</summary>
    public static DateTime? Parse(ReadOnlySpan<char> text, TimeZoneInfo? zone)
    {
        if (text.IsEmpty || text.IndexOfAnyInRange('A', 'z') < 0)
        {
            return null;
        }
        // Friday, 27-Nov-26: the hyphens of a date stand before its time.
        var colon = text.IndexOf(':');
        var words = text.ToString().Split([' ', ',', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (colon < 0 || words.Length > MaxWords)
        {
            return null;
        }
        if (IndexOf(Days, words[0]) >= 0)
        {
            words = words[1..];
        }
        if (words is [var date, ..] && date.Split('-') is [_, _, _] parts)
        {
            words = [.. parts, .. words[1..]];
        }
        return words switch
        {
            [var day, var month, var year, var time, .. var rest] when IndexOf(Months, month) is var number and >= 0 =>
                Moment(YearOf(year), number + 1, DayOf(day), time, rest, zone),
            [var month, var day, var time, .. var rest, var year] when time.Contains(':') && IndexOf(Months, month) is var number and >= 0 =>
                Moment(year.Length == 4 ? YearOf(year) : 0, number + 1, DayOf(day), time, rest, zone),
            [var month, var day, var year, var time, .. var rest] when IndexOf(Months, month) is var number and >= 0 =>
                Moment(year.Length == 4 ? YearOf(year) : 0, number + 1, DayOf(day), time, rest, zone),
            _ => null,
        };
    }

    private static DateTime? Moment(int year, int month, int day, string time, string[] rest, TimeZoneInfo? zone) =>
        TimeOfDay.Parse(rest.Length == 0 ? time : $"{time} {string.Join(' ', rest)}", zone) is { } parsed
            ? EventTimestamps.Moment(year, month, day, parsed)
            : null;

    /// <summary>A name in full or its first three letters, or four of September.</summary>
    private static int IndexOf(string[] names, string word)
    {
        word = word.TrimEnd('.');
        return word.Length < 3 ? -1 : Array.FindIndex(names, name =>
            name.StartsWith(word, StringComparison.OrdinalIgnoreCase)
                && (word.Length == 3 || word.Length == name.Length || word.Length == 4));
    }

    private static int DayOf(string word) => word.Length <= 2 && Digits(word, out var day) ? day : 0;

    /// <summary>Two digits are 2000 to 2049 or 1950 to 1999 (RFC 5322, section 4.3).</summary>
    private static int YearOf(string word) => word.Length is 2 or 4 && Digits(word, out var year)
        ? word.Length == 4 ? year : year < 50 ? 2000 + year : 1900 + year
        : 0;
}
