namespace SalesBrain.Core.Webhooks.Events;

/// <summary>An event type: its names and its effects. The list is in <see cref="EventTypes"/>.</summary>
public sealed record EventType(string Name, string Label, string Category, EventSubject Subject)
{
    /// <summary>Instantly's names. The canonical name is accepted too, and so is what is listed in <see cref="EventSpellings"/>.</summary>
    public IReadOnlyList<string> WireNames { get; init; } = [];

    /// <summary>True if such events are stored and acknowledged but have no effect.</summary>
    public bool IsIgnored { get; init; }

    /// <summary>
    /// The status the lead moves forward to; null leaves it. <c>app.advanced_lead_status</c> says which moves are forward.
    /// </summary>
    public string? LeadStatus { get; init; }

    /// <summary>The lead's interest from when the event occurred; null leaves it.</summary>
    public string? Interest { get; init; }

    /// <summary>Why the contact must not be written to any more: <c>bounced</c> or <c>unsubscribed</c>; null leaves it.</summary>
    public string? Suppression { get; init; }

    /// <summary>
    /// The counter of lead and campaign it adds one to: <c>sent, opened, clicked, replied, bounced, unsubscribed, interested</c>; null for
    /// none.
    /// </summary>
    public string? Counter { get; init; }

    /// <summary>The status the campaign takes when the event occurred: <c>active</c> or <c>completed</c>; null leaves it.</summary>
    public string? CampaignStatus { get; init; }

    /// <summary>Who is notified, one of <see cref="NotificationAudience"/>; null for no notification.</summary>
    public string? Audience { get; init; }

    /// <summary>
    /// Whether applying an event of this type again changes nothing. Only then can a processed event be retried by force. True for all
    /// current types: counters and notifications depend on the activity, and a log has only one; everything else depends on
    /// <c>occurred_at</c>.
    /// </summary>
    public bool IsIdempotent { get; init; } = true;
}

/// <summary>The subject of an event, and therefore the field it requires.</summary>
public enum EventSubject
{
    /// <summary>A person: an e-mail address is needed.</summary>
    Contact,

    /// <summary>A campaign: its id or name is needed.</summary>
    Campaign,

    /// <summary>A sending account of the organization; an e-mail address in it is the account's own, not a contact's.</summary>
    Account,

    /// <summary>Nothing that SalesBrain keeps.</summary>
    Nothing,
}

/// <summary>Who a notification goes to, in the words of <c>app.apply_webhook_events</c>.</summary>
public static class NotificationAudience
{
    /// <summary>The lead's assignee, else the campaign's owners.</summary>
    public const string Assignee = "assignee";

    /// <summary>The organization's owners and admins.</summary>
    public const string Administrators = "administrators";
}
