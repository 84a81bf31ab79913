using System.Diagnostics.Metrics;

namespace SalesBrain.Core.Telemetry;

/// <summary>
/// What happens to webhooks, by event source. Without a listener, counting costs a comparison. docs/operations.telemetry.md explains each
/// instrument; a test compares it with these.
/// </summary>
public sealed class WebhookMetrics
{
    private readonly LastObserved<double> _pendingAge;
    private readonly Counter<long> _received;
    private readonly Counter<long> _duplicate;
    private readonly Counter<long> _processed;
    private readonly Counter<long> _ignored;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _dead;
    private readonly Counter<long> _retries;
    private readonly Histogram<double> _processingTime;
    private readonly Counter<long> _unrouted;
    private readonly Counter<long> _refusedWhatsapp;

    public WebhookMetrics(IMeterFactory meters, TimeProvider clock)
    {
        _pendingAge = new(clock);
        var meter = meters.Create(Tracing.Name);
        _received = meter.CreateCounter<long>(
            "salesbrain.webhooks.received", "{event}", "Events of accepted deliveries, duplicates included.");
        _duplicate = meter.CreateCounter<long>("salesbrain.webhooks.duplicate", "{event}", "Received events that were stored before.");
        _processed = meter.CreateCounter<long>("salesbrain.webhooks.processed", "{event}", "Events whose effect was applied.");
        _ignored = meter.CreateCounter<long>(
            "salesbrain.webhooks.ignored", "{event}", "Events without an effect, such as those of unknown types.");
        _failed = meter.CreateCounter<long>("salesbrain.webhooks.failed", "{attempt}", "Failed attempts to process an event.");
        _dead = meter.CreateCounter<long>("salesbrain.webhooks.dead", "{event}", "Events whose last retry failed.");
        _retries = meter.CreateCounter<long>(
            "salesbrain.webhooks.retries", "{attempt}", "Attempts that were retries, automatic or requested.");
        _processingTime = meter.CreateHistogram(
            "salesbrain.webhooks.processing_time", "s", "Time from claiming an event to the commit of its result.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
            });
        _unrouted = meter.CreateCounter<long>(
            "salesbrain.whatsapp.unrouted", "{event}", "Events of WhatsApp that belong to no connected account, by cause.");
        _refusedWhatsapp = meter.CreateCounter<long>(
            "salesbrain.whatsapp.refused", "{delivery}", "Deliveries whose signature of Meta is missing or wrong.");
        meter.CreateObservableGauge(
            "salesbrain.webhooks.pending_age", () => _pendingAge.Read(age => age), "s",
            "Age of the oldest webhook that is due for processing, 0 if none is due.");
    }

    /// <summary>
    /// Counts an event of an accepted delivery. <paramref name="isIgnored"/>: it is new, and there is nothing to process.
    /// </summary>
    public void Received(string source, bool isDuplicate, bool isIgnored)
    {
        var tag = SourceTag(source);
        _received.Add(1, tag);
        if (isDuplicate)
        {
            _duplicate.Add(1, tag);
        }
        else if (isIgnored)
        {
            _ignored.Add(1, tag);
        }
    }

    /// <summary>Counts events of WhatsApp that belong to no organization.</summary>
    public void UnroutedWhatsapp(string cause, int count) => _unrouted.Add(count, new KeyValuePair<string, object?>("cause", cause));

    /// <summary>Counts a delivery without Meta's signature.</summary>
    public void RefusedWhatsapp() => _refusedWhatsapp.Add(1);

    /// <summary>Counts an attempt after its commit.</summary>
    public void Attempted(string source, ProcessingOutcome outcome, bool isRetry, TimeSpan duration)
    {
        var tag = SourceTag(source);
        switch (outcome)
        {
            case ProcessingOutcome.Processed:
                _processed.Add(1, tag);
                break;
            case ProcessingOutcome.Ignored:
                _ignored.Add(1, tag);
                break;
            case ProcessingOutcome.Dead:
                _failed.Add(1, tag);
                _dead.Add(1, tag);
                break;
            default:
                _failed.Add(1, tag);
                break;
        }
        if (isRetry)
        {
            _retries.Add(1, tag);
        }
        _processingTime.Record(duration.TotalSeconds, tag);
    }

    /// <summary>Sets the age that is reported for the next 5 minutes; null if nothing is due.</summary>
    public void ObservePending(DateTime? oldestDue) => _pendingAge.Set(_pendingAge.SecondsSince(oldestDue));

    private static KeyValuePair<string, object?> SourceTag(string source) => new("source", source);
}

/// <summary>How an attempt to process an event ended.</summary>
public enum ProcessingOutcome
{
    Processed,
    Ignored,

    /// <summary>It failed, and is retried.</summary>
    Failed,

    /// <summary>It failed, and no retry is left.</summary>
    Dead,
}
