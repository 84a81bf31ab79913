using System.Diagnostics.Metrics;

namespace SalesBrain.Core.Telemetry;

/// <summary>
/// What happens to messages that are sent. docs/operations.telemetry.md explains each instrument; a test compares it with these.
/// </summary>
public sealed class SendingMetrics
{
    private readonly LastObserved<Queue> _queue;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _unknown;
    private readonly Histogram<double> _waitingTime;

    public SendingMetrics(IMeterFactory meters, TimeProvider clock)
    {
        _queue = new(clock);
        var meter = meters.Create(Tracing.Name);
        _sent = meter.CreateCounter<long>("salesbrain.messages.sent", "{message}", "Messages that WhatsApp took.");
        _failed = meter.CreateCounter<long>(
            "salesbrain.messages.failed", "{message}", "Messages that WhatsApp refused for good, by the kind of error.");
        _retries = meter.CreateCounter<long>(
            "salesbrain.messages.retries", "{attempt}", "Attempts that failed and are repeated, by the kind of error.");
        _unknown = meter.CreateCounter<long>(
            "salesbrain.messages.unknown", "{message}", "Messages of which nobody knows whether WhatsApp has them.");
        _waitingTime = meter.CreateHistogram(
            "salesbrain.messages.waiting_time", "s", "Time from when a message may be sent until WhatsApp has taken it.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] });
        meter.CreateObservableGauge(
            "salesbrain.messages.queued", () => _queue.Read(queue => queue.Waiting), "{message}", "Messages that wait to be sent.");
        meter.CreateObservableGauge(
            "salesbrain.messages.queue_age", () => _queue.Read(queue => queue.AgeSeconds), "s",
            "How long the oldest message that may be sent has waited, 0 if none waits.");
        meter.CreateObservableGauge(
            "salesbrain.messages.undecided", () => _queue.Read(queue => queue.Unknown), "{message}",
            "Unknown messages that nobody has decided about.");
    }

    public void Sent(TimeSpan waited)
    {
        _sent.Add(1);
        _waitingTime.Record(Math.Max(0, waited.TotalSeconds));
    }

    /// <param name="kind">The kind of error, as <c>SendingFailures.ClassOf</c> names it.</param>
    public void Failed(string kind) => _failed.Add(1, Kind(kind));

    /// <param name="kind">As for <see cref="Failed"/>.</param>
    public void Retried(string kind) => _retries.Add(1, Kind(kind));

    public void Unknown(long messages = 1) => _unknown.Add(messages);

    /// <summary>Sets what is reported for the next 5 minutes.</summary>
    /// <param name="oldestDue">Null if no message may be sent now.</param>
    public void ObserveQueue(long waiting, DateTime? oldestDue, long unknown) =>
        _queue.Set(new Queue(waiting, _queue.SecondsSince(oldestDue), unknown));

    private static KeyValuePair<string, object?> Kind(string kind) => new("kind", kind);

    private sealed record Queue(double Waiting, double AgeSeconds, double Unknown);
}
