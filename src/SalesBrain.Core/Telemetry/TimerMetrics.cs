using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace SalesBrain.Core.Telemetry;

/// <summary>When each timer last succeeded on this instance, how long its runs took, and how many failed.</summary>
public sealed class TimerMetrics
{
    private readonly ConcurrentDictionary<string, long> _lastSuccess = new(StringComparer.Ordinal);
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _failures;

    public TimerMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Tracing.Name);
        _duration = meter.CreateHistogram(
            "salesbrain.timers.duration", "s", "Duration of a timer's run, failed runs included.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600] });
        _failures = meter.CreateCounter<long>("salesbrain.timers.failures", "{run}", "Runs of a timer that failed.");
        meter.CreateObservableGauge(
            "salesbrain.timers.last_success", ReadLastSuccess, "s",
            "When a timer's last successful run on this instance ended, in seconds since 1970.");
    }

    public void Succeeded(string timer, TimeSpan duration, DateTimeOffset now)
    {
        _lastSuccess[timer] = now.ToUnixTimeSeconds();
        _duration.Record(duration.TotalSeconds, TimerTag(timer));
    }

    public void Failed(string timer, TimeSpan duration)
    {
        _failures.Add(1, TimerTag(timer));
        _duration.Record(duration.TotalSeconds, TimerTag(timer));
    }

    private IEnumerable<Measurement<long>> ReadLastSuccess() =>
        _lastSuccess.Select(timer => new Measurement<long>(timer.Value, TimerTag(timer.Key)));

    private static KeyValuePair<string, object?> TimerTag(string timer) => new("timer", timer);
}
