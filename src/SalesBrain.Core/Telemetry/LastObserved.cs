using System.Diagnostics.Metrics;

namespace SalesBrain.Core.Telemetry;

/// <summary>
/// What a gauge reports: a value that is observed now and then. It is reported for 5 minutes: another instance may observe it next.
/// </summary>
internal sealed class LastObserved<T>(TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private Observation? _last;

    internal void Set(T value) => _last = new Observation(value, clock.GetUtcNow());

    /// <summary>The seconds from a time (UTC) to now, at least 0; 0 for null.</summary>
    internal double SecondsSince(DateTime? time) =>
        time is { } since ? Math.Max(0, (clock.GetUtcNow().UtcDateTime - since).TotalSeconds) : 0;

    /// <summary>The measurement for a gauge; none if nothing was observed lately.</summary>
    internal IEnumerable<Measurement<double>> Read(Func<T, double> number) =>
        _last is { } last && clock.GetUtcNow() - last.At < Lifetime ? [new Measurement<double>(number(last.Value))] : [];

    private sealed record Observation(T Value, DateTimeOffset At);
}
