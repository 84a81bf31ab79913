using System.Collections.Frozen;

namespace SalesBrain.Core.Webhooks.Events;

/// <summary>
/// What people and other tools call the event types. Letter case and what stands between the words (<c>_ - . / :</c> and blanks) make no
/// difference, so <c>email.replied</c>, <c>EMAIL_REPLIED</c> and <c>emailReplied</c> are one name.
/// </summary>
/// <remarks>
/// The tools' names are from their documentation, read in November 2026: Smartlead (api.smartlead.ai/api-reference/webhooks/events and
/// help.smartlead.ai, "Webhook Guide"), Lemlist (developer.lemlist.com, "Add Webhook"), Woodpecker
/// (developers.woodpecker.co/docs/webhooks), Reply.io (docs.reply.io/essentials/webhook-events). HeyReach's are from an integration's list
/// (docs.opennous.cloud/webhooks/heyreach). Left out are names that no type stands for (profile visits, connection requests), and Lemlist's
/// lead states (contacted, hooked, …), which repeat the events of the messages.
/// </remarks>
internal static class EventSpellings
{
    private static readonly (string Type, string[] Names)[] Table =
    [
        ("email.sent", ["sent", "emails_sent", "first_email_sent", "campaign_sent"]),
        ("email.opened", ["opened", "email_open", "emails_opened"]),
        ("email.link_clicked", ["clicked", "link_click", "email_clicked", "email_click", "email_link_click", "emails_clicked"]),
        ("email.replied",
        [
            "replied", "reply", "email_reply", "email_reply_received", "emails_replied", "lead_replied", "contact_replied",
            "prospect_replied", "secondary_replied", "message_reply_received", "every_message_reply_received", "inmail_reply_received",
        ]),
        ("email.auto_replied", ["auto_replied", "auto_reply", "email_auto_reply", "prospect_autoreplied"]),
        ("email.bounced", ["bounced", "bounce", "email_bounce", "emails_bounced", "prospect_bounced"]),
        ("lead.unsubscribed",
        [
            "unsubscribed", "unsubscribe", "email_unsubscribed", "emails_unsubscribed", "contact_unsubscribed", "prospect_unsubscribed",
            "opted_out", "opt_out", "lead_opted_out", "contact_opted_out", "prospect_opt_out", "prospect_blacklisted",
        ]),
        ("lead.interested", ["interested", "emails_interested", "linkedin_interested", "contact_interested", "prospect_interested"]),
        ("lead.interested_maybe", ["interested_maybe", "maybe_interested", "prospect_maybe_later"]),
        ("lead.neutral", ["neutral"]),
        ("lead.not_interested", ["not_interested", "emails_not_interested", "linkedin_not_interested", "prospect_not_interested"]),
        ("lead.meeting_booked", ["meeting_booked"]),
        ("lead.meeting_completed", ["meeting_completed"]),
        ("lead.meeting_cancelled", ["meeting_cancelled", "meeting_canceled", "lead_meeting_canceled"]),
        ("lead.no_show", ["no_show"]),
        ("lead.closed", ["closed", "closed_won"]),
        ("lead.out_of_office", ["out_of_office"]),
        ("lead.wrong_person", ["wrong_person"]),
        ("lead.label", ["lead_category_updated"]),
        ("campaign.started", ["sequence_started"]),
        ("campaign.completed", ["sequence_completed"]),
        ("account.error", ["email_account_connection_lost"]),
    ];

    private static readonly FrozenDictionary<string, EventType>.AlternateLookup<ReadOnlySpan<char>> ByKey = Table
        .SelectMany(entry => entry.Names, (entry, name) => (Key: KeyOf(name), Type: EventTypes.Find(entry.Type)!))
        .Concat(EventTypes.All.SelectMany(type => type.WireNames.Prepend(type.Name), (type, name) => (Key: KeyOf(name), Type: type)))
        .Distinct()
        .ToFrozenDictionary(pair => pair.Key, pair => pair.Type, StringComparer.Ordinal)
        .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The type that somebody calls so, or null.</summary>
    public static EventType? Find(string text)
    {
        if (text.Length > EventLimits.EventType)
        {
            return null;
        }
        Span<char> key = stackalloc char[text.Length];
        return ByKey.TryGetValue(key[..WriteKey(text, key)], out var type) ? type : null;
    }

    /// <summary>What all spellings of a name have in common.</summary>
    internal static string KeyOf(string text)
    {
        Span<char> key = stackalloc char[text.Length];
        return key[..WriteKey(text, key)].ToString();
    }

    private static int WriteKey(string text, Span<char> key)
    {
        var length = 0;
        foreach (var character in text)
        {
            if (character is not ('_' or '-' or '.' or '/' or ':') && !char.IsWhiteSpace(character))
            {
                key[length++] = char.ToLowerInvariant(character);
            }
        }
        return length;
    }
}
