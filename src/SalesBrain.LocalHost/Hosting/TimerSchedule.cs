using Microsoft.Extensions.Configuration;
using NCrontab;
using SalesBrain.Functions.Configuration;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Hosting;

/// <summary>When a timer function runs: an NCRONTAB expression of six fields (second minute hour day month weekday), in UTC.</summary>
public sealed class TimerSchedule
{
    private readonly CrontabSchedule crontab;

    private TimerSchedule(string expression, CrontabSchedule crontab)
    {
        Expression = expression;
        this.crontab = crontab;
    }

    public string Expression { get; }

    /// <summary>The schedule the function spells out, or the value of the setting it names as <c>%SettingName%</c>.</summary>
    /// <exception cref="StartupException">The setting is missing or what is there isn't a schedule; names the setting and the
    /// function.</exception>
    public static TimerSchedule Of(TimerFunction timer, IConfiguration configuration)
    {
        if (timer.Schedule is not ['%', .. { Length: > 0 } setting, '%'])
        {
            return Parse(timer.Schedule)
                ?? throw new StartupException($"{timer.Name}: its schedule '{timer.Schedule}' should be {Schedules.Expected}.");
        }

        var value = configuration[setting];
        return string.IsNullOrWhiteSpace(value)
            ? throw new StartupException($"Setting {setting} is missing: the timer {timer.Name} needs {Schedules.Expected}.")
            : Parse(value)
                ?? throw new StartupException($"Setting {setting} is '{value}': the timer {timer.Name} needs {Schedules.Expected}.");
    }

    /// <summary>The first time the schedule names after this one.</summary>
    public DateTime NextAfter(DateTime utc) => DateTime.SpecifyKind(crontab.GetNextOccurrence(utc), DateTimeKind.Utc);

    private static TimerSchedule? Parse(string expression) =>
        Schedules.Parse(expression) is { } parsed ? new TimerSchedule(expression, parsed) : null;
}
