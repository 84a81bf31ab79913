using SalesBrain.Tests.Conformance.Protocol;

namespace SalesBrain.Tests.Conformance.Worker;

/// <summary>Fires timers as the Functions host does; a timer whose schedule does not resolve is disabled.</summary>
internal sealed class HostTimers(HostSettings settings, Invocations invocations)
{
    private const string TimerInfo = """{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}""";

    /// <summary>Runs the timer once; null if it succeeded, else the reason.</summary>
    internal async Task<string?> FireAsync(HostFunction timer, CancellationToken cancellationToken)
    {
        var (schedule, problem) = settings.Resolve(timer.Schedule);
        if (problem is not null)
        {
            return $"the host disables it: {problem}";
        }
        if (NCrontab.CrontabSchedule.TryParse(schedule, new() { IncludingSeconds = true }) is null)
        {
            return $"the host disables it: '{schedule}' is not a schedule";
        }
        return await invocations.RunAsync(
            timer, Guid.NewGuid().ToString(), new TypedData { Json = TimerInfo }, new Dictionary<string, TypedData>(), cancellationToken);
    }
}
