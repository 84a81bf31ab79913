using System.Globalization;

namespace SalesBrain.LocalHost.Hosting;

/// <summary>Describes an NCRONTAB expression of six fields in words.</summary>
public static class CronWords
{
    private static readonly string[] Weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    /// <summary>Words for the usual schedules; for any other, the expression itself.</summary>
    public static string Describe(string expression)
    {
        var fields = expression.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return fields switch
        {
            [var second, "*", "*", "*", "*", "*"] when Step(second, 60) is { } every => Every(every, "second"),
            [var second, "*", "*", "*", "*", "*"] when Number(second, 1, 59) is { } at => $"every minute at second {at}",
            ["0", var minute, "*", "*", "*", "*"] when Step(minute, 60) is { } every => Every(every, "minute"),
            ["0", var minute, "*", "*", "*", "*"] when Number(minute, 0, 59) is { } at => $"hourly at minute {at}",
            ["0", var minute, var hour, "*", "*", "*"] when Number(minute, 0, 59) is { } at && Step(hour, 24) is { } every and > 1 =>
                $"every {every} hours at minute {at}",
            [var second, var minute, var hour, "*", "*", "*"] when Time(hour, minute, second) is { } time => $"daily at {time}",
            [var second, var minute, var hour, "*", "*", var day] when Time(hour, minute, second) is { } time && Weekday(day) is { } weekday => $"weekly on {weekday} at {time}",
            [var second, var minute, var hour, var day, "*", "*"] when Time(hour, minute, second) is { } time && Number(day, 1, 28) is { } date => $"monthly on day {date} at {time}",
            _ => expression,
        };
    }

    private static string Every(int count, string unit) => count == 1 ? $"every {unit}" : $"every {count} {unit}s";

    /// <summary>
    /// The step of a field like <c>*/15</c>, if it divides the range evenly. <c>*/7</c> does not, because it restarts at each full hour.
    /// </summary>
    private static int? Step(string field, int whole) => field switch
    {
        "*" => 1,
        ['*', '/', .. var step] when Number(step, 1, whole - 1) is { } every && whole % every == 0 => every,
        _ => null,
    };

    private static string? Time(string hour, string minute, string second) =>
        (Number(hour, 0, 23), Number(minute, 0, 59), Number(second, 0, 59)) switch
        {
            ({ } h, { } m, 0) => $"{h:00}:{m:00} UTC",
            ({ } h, { } m, { } s) => $"{h:00}:{m:00}:{s:00} UTC",
            _ => null,
        };

    private static string? Weekday(string field) =>
        Number(field, 0, 6) is { } number
            ? Weekdays[number]
            : Array.Find(Weekdays, name => field.Length >= 3 && name.StartsWith(field, StringComparison.OrdinalIgnoreCase));

    private static int? Number(string field, int least, int most) =>
        int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : null;
}
