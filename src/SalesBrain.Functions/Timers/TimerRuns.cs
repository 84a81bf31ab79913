using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SalesBrain.Core.Telemetry;

namespace SalesBrain.Functions.Timers;

/// <summary>Runs every timer function in both hosts: in a span and a log scope, counted and timed.</summary>
public sealed class TimerRuns(TimerMetrics metrics, TimeProvider clock, ILogger<TimerRuns> log)
{
    /// <summary>Runs the timer's work. What it throws is counted, logged without its text, and thrown on: the host logs it.</summary>
    public async Task RunAsync<TTimer>(Func<Task> work)
    {
        var name = typeof(TTimer).Name;
        using var span = Tracing.Source.StartActivity($"timer {name}");
        span?.SetTag(Tracing.Timer, name);
        using var scope = log.BeginScope(
            "function {Function} trace {TraceId}", name, (Activity.Current?.TraceId ?? ActivityTraceId.CreateRandom()).ToHexString());
        var started = clock.GetTimestamp();
        try
        {
            await work();
        }
        catch (Exception e)
        {
            metrics.Failed(name, clock.GetElapsedTime(started));
            span?.SetTag(Tracing.ErrorType, e.GetType().FullName).SetStatus(ActivityStatusCode.Error);
            log.LogError("Timer {Timer} failed with {Exception}", name, e.GetType().Name);
            throw;
        }
        metrics.Succeeded(name, clock.GetElapsedTime(started), clock.GetUtcNow());
    }
}
