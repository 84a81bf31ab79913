using static SalesBrain.Core.Webhooks.Events.Sources.EventField;

namespace SalesBrain.Core.Webhooks.Events.Sources;

/// <summary>
/// <c>{event_type, timestamp, email, campaign_id?, campaign_name?, data?}</c>: the format of every source except Instantly, with the usual
/// alternative names of its fields. Instantly's names are included, because many such events are forwarded from Instantly. Every name is
/// also accepted in camelCase. <c>data</c>, <c>contact</c>, <c>lead</c> and what other tools call them can contain any field except type
/// and time. The other tools' names are from the documentation named in <see cref="EventSpellings"/>.
/// </summary>
internal static class CommonForm
{
    /// <summary>Members that hold the whole event in what forwards it: n8n (body, json), and what people name it.</summary>
    internal static readonly string[] Envelopes = ["body", "json", "payload", "data", "event"];

    private static readonly (EventField Field, string[] Names)[] SnakeCase =
    [
        (EventField.EventType, ["event_type", "event", "type", "event_name"]),
        // Woodpecker.
        (KnownEventType, ["method"]),
        (Timestamp,
        [
            "timestamp", "occurred_at", "event_timestamp", "event_time", "created_at", "time", "date",
            // Smartlead before event_timestamp, and what others call it.
            "time_sent", "time_opened", "time_clicked", "time_replied", "sent_at", "opened_at", "clicked_at", "replied_at", "bounced_at",
            "unsubscribed_at", "received_at",
        ]),
        // Lemlist's is _id.
        (EventId, ["id", "event_id", "uuid", "_id"]),
        (Workspace, ["workspace", "workspace_id"]),
        (CampaignId, ["campaign_id", "sequence_id"]),
        (CampaignName, ["campaign_name", "sequence_name"]),
        // sequence_fields: Reply.io.
        (Campaign, ["campaign", "sequence", "sequence_fields"]),
        // sl_lead_email is Smartlead's lead, and to_email who the mail went to: the same, unless somebody else answered.
        (Email, ["email", "lead_email", "contact_email", "prospect_email", "email_address", "sl_lead_email", "recipient_email", "recipient", "to_email"]),
        // Lemlist and Woodpecker.
        (EmailAccount, ["email_account", "from_email", "sender_email", "send_user_email", "campaign_email"]),
        (FirstName, ["first_name", "firstname", "lead_first_name"]),
        (LastName, ["last_name", "lastname", "lead_last_name"]),
        (FullName, ["full_name", "lead_name", "contact_name", "to_name"]),
        (CompanyName, ["company_name", "company", "organization_name", "lead_company_name"]),
        (Title, ["job_title", "title", "position", "lead_job_title"]),
        (Phone, ["phone", "phone_number", "mobile", "lead_phone"]),
        (Website, ["website", "company_website"]),
        (LinkedinUrl, ["linkedin_url", "linkedin", "linked_in", "linked_in_url", "linkedin_profile", "linkedin_profile_url", "lead_linkedin_url", "profile_url"]),
        (City, ["city"]),
        (Region, ["region", "state"]),
        (Country, ["country"]),
        // lead_category.new_name and category: Smartlead.
        (Label, ["label", "label_name", "new_name", "category", "lead_category"]),
        (Step, ["step", "sequence_step", "sequence_number", "step_number"]),
        (Variant, ["variant"]),
        (IsFirst, ["is_first"]),
        (EmailId, ["email_id", "message_id"]),
        (UniboxUrl, ["unibox_url", "conversation_url", "app_url", "ui_master_inbox_link"]),
        (Subject, ["subject", "reply_subject", "email_subject"]),
        (Snippet, ["snippet", "reply_text_snippet", "reply_preview"]),
        // Plain text first; preview_text and reply_body are Smartlead's, message is Woodpecker's and HeyReach's.
        (Text, ["text", "reply_text", "email_text", "preview_text", "reply_message", "message_text", "body_text", "message", "content", "reply_body", "body"]),
        // click_url: Woodpecker; link_clicked: Smartlead, also as an array.
        (LinkUrl, ["link_url", "link", "url", "clicked_url", "clicked_link", "click_url", "link_clicked"]),
        // Of a deal that was won.
        (DealAmount, ["deal_amount", "amount", "value"]),
        (DealCurrency, ["deal_currency", "currency"]),
        (Message, ["error_message", "error", "reason", "bounce_reason", "message"]),
        (Nested,
        [
            "data", "contact", "lead", "prospect", "person", "recipient", "properties", "payload",
            // Smartlead, Reply.io and HeyReach.
            "lead_data", "contact_fields", "lead_profile",
            // What the message, the reply or the click is about: Smartlead, Woodpecker, HeyReach.
            "reply", "reply_message", "email", "message", "link", "lead_category",
            // Wrappers that were not opened, because the type is elsewhere.
            "body", "json", "event",
        ]),
        (Envelope, Envelopes),
    ];

    /// <summary>The common form alone.</summary>
    public static (EventField Field, string[] Names)[] Fields { get; } = With();

    /// <summary>The common form, and more names in snake_case, which come after its own.</summary>
    public static (EventField Field, string[] Names)[] With(params (EventField Field, string[] Names)[] more) =>
    [.. SnakeCase.Concat(more)
        .GroupBy(entry => entry.Field, entry => entry.Names)
        .Select(group => (group.Key, group.SelectMany(names => names).SelectMany(Spellings).Distinct(StringComparer.Ordinal).ToArray()))];

    /// <summary>The common form, and every member again as <c>prefix__member</c>.</summary>
    public static (EventField Field, string[] Names)[] Flattened(params string[] prefixes) =>
    [.. Fields.Select(entry => entry.Field is EventField.EventType or KnownEventType or Timestamp or EventId or Nested or Envelope
        ? entry
        : (entry.Field, [.. entry.Names, .. prefixes.SelectMany(prefix => entry.Names.Select(name => $"{prefix}__{name}"))]))];

    private static IEnumerable<string> Spellings(string name)
    {
        var words = name.TrimStart('_').Split('_');
        return [name, words[0] + string.Concat(words[1..].Select(word => char.ToUpperInvariant(word[0]) + word[1..]))];
    }
}
