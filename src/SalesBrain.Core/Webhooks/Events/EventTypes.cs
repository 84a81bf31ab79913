using System.Collections.Frozen;
using static SalesBrain.Core.Webhooks.Events.EventSubject;

namespace SalesBrain.Core.Webhooks.Events;

/// <summary>The one table of event types: the catalogue, filters, documentation and processing derive from it.</summary>
public static class EventTypes
{
    /// <summary>What an event without any type is stored as.</summary>
    public const string Unknown = "unknown";

    /// <summary>A label that a workspace defined itself; its text is <see cref="WebhookEvent.Label"/>.</summary>
    public const string LeadLabel = "lead.label";

    /// <summary>The categories with their labels for people, in the order of a drop-down.</summary>
    public static IReadOnlyList<(string Name, string Label)> Categories { get; } =
        [("email", "Email"), ("lead", "Lead"), ("campaign", "Campaign"), ("account", "Sending account"), ("system", "System"), ("whatsapp", "WhatsApp")];

    /// <summary>Every event type that is known, in the order of a drop-down.</summary>
    public static IReadOnlyList<EventType> All { get; } =
    [
        new("email.sent", "Email sent", "email", Contact)
            { WireNames = ["email_sent"], LeadStatus = "contacted", Counter = "sent" },
        new("email.opened", "Email opened", "email", Contact)
            { WireNames = ["email_opened"], Counter = "opened" },
        new("email.link_clicked", "Link clicked", "email", Contact)
            { WireNames = ["email_link_clicked", "link_clicked"], Counter = "clicked" },
        new("email.replied", "Reply received", "email", Contact)
            { WireNames = ["reply_received"], LeadStatus = "responded", Counter = "replied", Audience = NotificationAudience.Assignee },
        // Sent by a machine: neither counted as a reply nor as a response.
        new("email.auto_replied", "Automatic reply received", "email", Contact)
            { WireNames = ["auto_reply_received"] },
        new("email.bounced", "Email bounced", "email", Contact)
            { WireNames = ["email_bounced"], Suppression = "bounced", Counter = "bounced" },
        new("lead.unsubscribed", "Unsubscribed", "lead", Contact)
            { WireNames = ["lead_unsubscribed"], Suppression = "unsubscribed", Counter = "unsubscribed" },
        new("lead.interested", "Interested", "lead", Contact)
            { WireNames = ["lead_interested"], Interest = "interested", Counter = "interested", Audience = NotificationAudience.Assignee },
        new("lead.interested_maybe", "Maybe interested", "lead", Contact)
            { WireNames = ["lead_interested_maybe"], Interest = "interested_maybe" },
        new("lead.neutral", "Neutral", "lead", Contact)
            { WireNames = ["lead_neutral"], Interest = "neutral" },
        new("lead.not_interested", "Not interested", "lead", Contact)
            { WireNames = ["lead_not_interested"], Interest = "not_interested" },
        new("lead.meeting_booked", "Meeting booked", "lead", Contact)
            { WireNames = ["lead_meeting_booked"], Interest = "meeting_booked", Audience = NotificationAudience.Assignee },
        new("lead.meeting_completed", "Meeting completed", "lead", Contact)
            { WireNames = ["lead_meeting_completed"], Interest = "meeting_completed" },
        new("lead.meeting_cancelled", "Meeting cancelled", "lead", Contact)
            { WireNames = ["lead_meeting_cancelled"], Interest = "meeting_cancelled", Audience = NotificationAudience.Assignee },
        new("lead.no_show", "Did not show up", "lead", Contact)
            { WireNames = ["lead_no_show"], Interest = "no_show" },
        new("lead.closed", "Closed (won)", "lead", Contact)
            { WireNames = ["lead_closed"], LeadStatus = "converted" },
        new("lead.out_of_office", "Out of office", "lead", Contact)
            { WireNames = ["lead_out_of_office"], Interest = "out_of_office" },
        new("lead.wrong_person", "Wrong person", "lead", Contact)
            { WireNames = ["lead_wrong_person"], Interest = "wrong_person" },
        new(LeadLabel, "Custom label", "lead", Contact)
            { WireNames = ["custom_label_any_positive", "custom_label_any_negative"], Interest = "label" },
        new("campaign.started", "Campaign started", "campaign", Campaign)
            { WireNames = ["campaign_started"], CampaignStatus = "active" },
        // The sequence ended; its leads are where they are.
        new("campaign.completed", "Campaign completed", "campaign", Campaign)
            { WireNames = ["campaign_completed"], CampaignStatus = "completed" },
        new("account.error", "Sending account error", "account", Account)
            { WireNames = ["account_error"], Audience = NotificationAudience.Administrators },
        new("account.warning", "Sending account warning", "account", Account)
            { WireNames = ["account_warning"], Audience = NotificationAudience.Administrators },
        new("enrichment.completed", "Enrichment completed", "system", Nothing)
            { WireNames = ["supersearch_enrichment_completed"], IsIgnored = true },
        // Only of the source whatsapp have they effects (WhatsappPlan).
        new("whatsapp.message", "WhatsApp message received", "whatsapp", Nothing)
            { WireNames = ["whatsapp_message"], IsIgnored = true },
        new("whatsapp.status", "WhatsApp message status", "whatsapp", Nothing)
            { WireNames = ["whatsapp_status"], IsIgnored = true },
        new("whatsapp.other", "WhatsApp account event", "whatsapp", Nothing)
            { WireNames = ["whatsapp_other"], IsIgnored = true },
    ];

    private static readonly FrozenDictionary<string, EventType> ByName = All.ToFrozenDictionary(type => type.Name, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, EventType> ByWireName = All
        .SelectMany(type => type.WireNames.Prepend(type.Name), (type, name) => (name, type))
        .ToFrozenDictionary(pair => pair.name, pair => pair.type, StringComparer.OrdinalIgnoreCase);

    /// <summary>The type with this canonical name, or null.</summary>
    public static EventType? Find(string? name) => name is not null && ByName.TryGetValue(name, out var type) ? type : null;

    /// <summary>The type that Instantly calls so, by wire or canonical name in any letter case, or null.</summary>
    public static EventType? FromWire(string? wireName) =>
        wireName is not null && ByWireName.TryGetValue(wireName, out var type) ? type : null;

    /// <summary>The type that somebody calls so, in any reasonable spelling (<see cref="EventSpellings"/>), or null.</summary>
    public static EventType? FromSpelling(string? name) => name is null ? null : FromWire(name) ?? EventSpellings.Find(name);
}
