using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using NCrontab;

namespace SalesBrain.Functions.Configuration;

/// <summary>The schedules of timer functions: NCRONTAB expressions of six fields (second minute hour day month weekday), in UTC.</summary>
internal static class Schedules
{
    internal const string Expected = "an NCRONTAB expression of six fields in UTC, such as '0 */15 * * * *' for every 15 minutes";

    /// <summary>Each timer function with the setting that its trigger names as <c>%SettingName%</c>.</summary>
    internal static IReadOnlyList<(string Timer, string Setting)> Settings { get; } = typeof(Schedules).Assembly.GetExportedTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .SelectMany(method => method.GetParameters(), (method, parameter) => (
            method.GetCustomAttribute<FunctionAttribute>()?.Name, parameter.GetCustomAttribute<TimerTriggerAttribute>()?.Schedule))
        .Where(timer => timer is { Name: not null, Schedule: not null })
        .Select(timer => (timer.Name!, timer.Schedule!.Trim('%')))
        .ToList();

    /// <summary>Null if the text is not a schedule.</summary>
    internal static CrontabSchedule? Parse(string expression)
    {
        var parsed = CrontabSchedule.TryParse(expression, new CrontabSchedule.ParseOptions { IncludingSeconds = true });

        // 30 February is well-formed too, but never comes; 29 February comes within 8 years.
        var (from, to) = (DateTime.UnixEpoch, DateTime.UnixEpoch.AddYears(10));
        return parsed is not null && parsed.GetNextOccurrence(from, to) < to ? parsed : null;
    }

    /// <summary>
    /// Collects problems in <paramref name="settings"/>: the Functions host disables a timer without a schedule, without an error.
    /// </summary>
    internal static void Check(SettingsReader settings)
    {
        foreach (var (timer, setting) in Settings)
        {
            settings.Schedule(setting, $"the schedule of the timer {timer}");
        }
    }
}
