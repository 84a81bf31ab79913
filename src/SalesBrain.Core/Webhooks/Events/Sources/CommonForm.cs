using static SalesBrain.Core.Webhooks.Events.Sources.EventField;

namespace SalesBrain.Core.Webhooks.Events.Sources;

/// <summary>
/// <c>{event_type, timestamp, email, campaign_id?, campaign_name?, data?}</c>: the format of every source except Instantly, with the usual
/// alternative names of its fields. Instantly's names are included, because many such events are forwarded from Instantly. Every name is
/// also accepted in camelCase. <c>data</c>, <c>contact</c> and <c>lead</c> can contain any field except type and time.
/// </summary>
internal static class CommonForm
{
    private static readonly (EventField Field, string[] Names)[] SnakeCase =
    [
        (EventField.EventType, ["event_type", "event", "type"]),
        (Timestamp, ["timestamp", "occurred_at", "event_timestamp", "event_time", "created_at", "time", "date"]),
        (Workspace, ["workspace", "workspace_id"]),
        (CampaignId, ["campaign_id"]),
        (CampaignName, ["campaign_name"]),
        (Campaign, ["campaign"]),
        (Email, ["email", "lead_email", "contact_email", "email_address"]),
        (EmailAccount, ["email_account", "from_email", "sender_email"]),
        (FirstName, ["first_name", "firstname"]),
        (LastName, ["last_name", "lastname"]),
        (CompanyName, ["company_name", "company", "organization_name"]),
        (Title, ["job_title", "title", "position"]),
        (Phone, ["phone", "phone_number", "mobile"]),
        (Website, ["website", "company_website"]),
        (LinkedinUrl, ["linkedin_url", "linkedin", "linked_in", "linkedin_profile", "linkedin_profile_url"]),
        (City, ["city"]),
        (Region, ["region", "state"]),
        (Country, ["country"]),
        (Label, ["label", "label_name"]),
        (Step, ["step", "sequence_step"]),
        (Variant, ["variant"]),
        (IsFirst, ["is_first"]),
        (EmailId, ["email_id", "message_id"]),
        (UniboxUrl, ["unibox_url", "conversation_url"]),
        (Subject, ["subject", "reply_subject", "email_subject"]),
        (Snippet, ["snippet", "reply_text_snippet"]),
        (Text, ["text", "reply_text", "email_text"]),
        (LinkUrl, ["link_url", "link", "url"]),
        (Message, ["error_message", "error", "reason", "message"]),
        (Nested, ["data", "contact", "lead"]),
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
    [.. Fields.Select(entry => entry.Field is EventField.EventType or Timestamp or Nested
        ? entry
        : (entry.Field, [.. entry.Names, .. prefixes.SelectMany(prefix => entry.Names.Select(name => $"{prefix}__{name}"))]))];

    private static IEnumerable<string> Spellings(string name)
    {
        var words = name.Split('_');
        return [name, words[0] + string.Concat(words[1..].Select(word => char.ToUpperInvariant(word[0]) + word[1..]))];
    }
}
