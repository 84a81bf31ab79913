using SalesBrain.Core.Webhooks.Events;

namespace SalesBrain.Core.Webhooks.Processing;

/// <summary>Decides what to do with an event, from the event alone.</summary>
public static class WebhookEventRules
{
    /// <summary>Apply it, ignore it, or why it can't be applied.</summary>
    public static WebhookDecision Decide(WebhookEvent webhookEvent)
    {
        if (webhookEvent.RawEventType is null)
        {
            return WebhookDecision.Fail(WebhookFailures.EventTypeMissing);
        }
        if (webhookEvent.Type is not { IsIgnored: false } type)
        {
            return WebhookDecision.Ignore;
        }
        return type.Subject switch
        {
            EventSubject.Contact when webhookEvent.InvalidEmail is not null => WebhookDecision.Fail(WebhookFailures.ContactEmailInvalid),
            EventSubject.Contact when webhookEvent.EmailNorm is null => WebhookDecision.Fail(WebhookFailures.ContactEmailMissing),
            EventSubject.Campaign when webhookEvent.CampaignKey is null => WebhookDecision.Fail(WebhookFailures.CampaignIdMissing),
            _ => WebhookDecision.Apply(type),
        };
    }

    /// <summary>Whether an event of this type that was processed or ignored may be processed again when somebody insists.</summary>
    public static bool MayRepeat(string eventType) => EventTypes.Find(eventType) is not { IsIdempotent: false };

    /// <summary>The notification for the users concerned, in one line; null if there is none.</summary>
    public static WebhookNotification? Notification(WebhookEvent webhookEvent)
    {
        if (webhookEvent.Type is not { Audience: { } audience } type)
        {
            return null;
        }
        var body = type.Subject == EventSubject.Account
            ? Join(": ", webhookEvent.EmailAccount ?? "A sending account", webhookEvent.Message)
            : Join(": ", Join(" in ", Person(webhookEvent), webhookEvent.CampaignName), webhookEvent.Snippet ?? webhookEvent.Subject);
        return new WebhookNotification(audience, type.Label, OneLine(body));
    }

    private static string Person(WebhookEvent e)
    {
        var name = Join(" ", e.FirstName ?? e.LastName ?? "", e.FirstName is null ? null : e.LastName);
        return name.Length > 0 ? name : e.ContactEmail ?? "A lead";
    }

    private static string Join(string separator, string first, string? second) => second is null ? first : first + separator + second;

    private static string OneLine(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>
/// A decision of <see cref="WebhookEventRules.Decide"/>: exactly one of <see cref="Type"/>, <see cref="Failure"/> and
/// <see cref="IsIgnored"/> is set.
/// </summary>
public sealed record WebhookDecision
{
    internal static readonly WebhookDecision Ignore = new() { IsIgnored = true };

    private WebhookDecision()
    {
    }

    /// <summary>Nothing to do: an unknown type, or one without effects.</summary>
    public bool IsIgnored { get; private init; }

    /// <summary>Why it can't be applied.</summary>
    public WebhookFailure? Failure { get; private init; }

    /// <summary>The type whose effects are to be applied.</summary>
    public EventType? Type { get; private init; }

    internal static WebhookDecision Apply(EventType type) => new() { Type = type };

    internal static WebhookDecision Fail(WebhookFailure failure) => new() { Failure = failure };
}

/// <summary>A notification's audience (one of <see cref="NotificationAudience"/>), title and body.</summary>
public sealed record WebhookNotification(string Audience, string Title, string Body);
