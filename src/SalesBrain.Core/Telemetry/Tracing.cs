using System.Diagnostics;

namespace SalesBrain.Core.Telemetry;

/// <summary>
/// The product's own spans. They name organization, user, function and event source, and never hold a body, token, secret or address.
/// Without a listener, starting a span returns null and costs nothing.
/// </summary>
public static class Tracing
{
    /// <summary>The name of the source; of the meter too.</summary>
    public const string Name = "SalesBrain";

    // Names of attributes. Those that OpenTelemetry defines are as it defines them.
    public const string Function = "faas.name";
    public const string User = "user.id";
    public const string ErrorType = "error.type";
    public const string Organization = "salesbrain.organization.id";
    public const string EventSource = "salesbrain.event.source";
    public const string EventCount = "salesbrain.event.count";
    public const string AuthMode = "salesbrain.webhook.auth_mode";
    public const string LogId = "salesbrain.webhook.log_id";
    public const string Outcome = "salesbrain.webhook.outcome";
    public const string Retries = "salesbrain.webhook.retries";
    public const string Audience = "salesbrain.notification.audience";
    public const string Timer = "salesbrain.timer";

    public static ActivitySource Source { get; } = new(Name);

    /// <summary>The context to continue a trace from later, in the form of the W3C header; null if the span is not recorded.</summary>
    public static string? ParentForLater(Activity? span) => span is { Recorded: true } ? span.Id : null;

    /// <summary>The stored context; that of no trace if it is null or not readable.</summary>
    public static ActivityContext ContextOf(string? traceParent) =>
        ActivityContext.TryParse(traceParent, null, isRemote: true, out var context) ? context : default;

    /// <summary>
    /// Starts the span of work that several webhooks share: a child of the first recorded one of their spans, linked to the others. Without
    /// any it is a child of the current span. Null if nothing listens.
    /// </summary>
    public static Activity? StartShared(string name, IEnumerable<ActivityContext> webhooks, DateTimeOffset startTime)
    {
        if (!Source.HasListeners())
        {
            return null;
        }
        var traced = webhooks.Where(context => context != default).Distinct().ToList();
        var parent = traced.Find(context => context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded));
        var current = Activity.Current?.Context ?? default;
        var links = traced.Append(current).Where(context => context != parent && context != default)
            .Select(context => new ActivityLink(context));
        return parent == default
            ? Source.StartActivity(name, ActivityKind.Internal, current, startTime: startTime)
            : Source.StartActivity(name, ActivityKind.Internal, parent, links: links, startTime: startTime);
    }
}
