using System.Diagnostics;
using SalesBrain.Core.Telemetry;
using SalesBrain.Core.Webhooks.Processing;

namespace SalesBrain.Data.Webhooks.Processing;

/// <summary>
/// The spans of a batch: one that the batch's statements belong to, and for each event a span that continues the trace of its receipt, with
/// the users' notification below it. Spans of events are made after the commit, so that a batch that is rolled back leaves none.
/// </summary>
internal sealed class ProcessingTrace : IDisposable
{
    private readonly Dictionary<Guid, string?> _parents;
    private readonly DateTimeOffset _startedAt;
    private readonly Activity _batch;
    private DateTimeOffset _applyingAt;
    private DateTimeOffset _appliedAt;

    private ProcessingTrace(Dictionary<Guid, string?> parents, DateTimeOffset startedAt, Activity batch)
    {
        _parents = parents;
        _startedAt = startedAt;
        _batch = batch;
    }

    /// <summary>Null if nothing listens, or if the batch is not traced.</summary>
    public static ProcessingTrace? Start(IReadOnlyCollection<WebhookPayload> payloads, DateTimeOffset startedAt)
    {
        if (!Tracing.Source.HasListeners())
        {
            return null;
        }
        var parents = payloads.ToDictionary(payload => payload.LogId, payload => payload.TraceParent);
        return Tracing.StartShared("process webhooks", parents.Values.Select(Tracing.ContextOf), startedAt) is { } batch
            ? new ProcessingTrace(parents, startedAt, batch.SetTag(Tracing.EventCount, parents.Count))
            : null;
    }

    /// <summary>The statement that applies the effects, and notifies users, is about to run.</summary>
    public void Applying() => _applyingAt = DateTimeOffset.UtcNow;

    /// <summary>That statement has ended.</summary>
    public void Applied() => _appliedAt = DateTimeOffset.UtcNow;

    /// <summary>Records the span of an event whose result is committed.</summary>
    public void Attempted(DueWebhook webhook, ProcessingOutcome outcome, string? errorCode, WebhookEffect? effect)
    {
        var parent = Tracing.ContextOf(_parents.GetValueOrDefault(webhook.Id));
        using var span = Tracing.Source.StartActivity(
            "process webhook", ActivityKind.Internal, parent == default ? _batch.Context : parent,
            links: [new ActivityLink(_batch.Context)], startTime: _startedAt);
        if (span is null)
        {
            return;
        }
        span.SetTag(Tracing.Organization, webhook.OrganizationId.ToString())
            .SetTag(Tracing.EventSource, webhook.EventSource)
            .SetTag(Tracing.LogId, webhook.Id.ToString())
            .SetTag(Tracing.Retries, webhook.RetryCount)
            .SetTag(Tracing.Outcome, outcome.ToString().ToLowerInvariant());
        if (errorCode is not null)
        {
            span.SetTag(Tracing.ErrorType, errorCode).SetStatus(ActivityStatusCode.Error);
        }
        if (effect?.NotificationAudience is { } audience)
        {
            // Users are notified in the statement that applies the effects, so this span has its times.
            using var notify = Tracing.Source.StartActivity("notify users", ActivityKind.Internal, span.Context, startTime: _applyingAt);
            notify?.SetTag(Tracing.Organization, webhook.OrganizationId.ToString()).SetTag(Tracing.Audience, audience)
                .SetEndTime(_appliedAt.UtcDateTime);
        }
    }

    public void Dispose() => _batch.Dispose();
}
