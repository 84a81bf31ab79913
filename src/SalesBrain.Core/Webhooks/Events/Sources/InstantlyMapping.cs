using System.Buffers;
using static SalesBrain.Core.Webhooks.Events.Sources.EventField;

namespace SalesBrain.Core.Webhooks.Events.Sources;

/// <summary>
/// Instantly (developer.instantly.ai, "Webhook events"): a flat object. The lead's variables are merged into the top level, with names
/// chosen by the workspace. So each field has exactly one name, and nested objects and other names are ignored.
/// </summary>
internal static class InstantlyMapping
{
    private static readonly SearchValues<char> WordCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    public static readonly SourceMapping Mapping = new(
        (EventField.EventType, ["event_type"]),
        (Timestamp, ["timestamp"]),
        (Workspace, ["workspace"]),
        (CampaignId, ["campaign_id"]),
        (CampaignUuid, ["campaign"]),
        (CampaignName, ["campaign_name"]),
        // "email" is also the lead's address. It is present even if lead_email is missing.
        (Email, ["lead_email", "email"]),
        (EmailAccount, ["email_account"]),
        (Step, ["step"]),
        (Variant, ["variant"]),
        (IsFirst, ["is_first"]),
        (EmailId, ["email_id"]),
        (UniboxUrl, ["unibox_url"]),
        (Subject, ["reply_subject", "email_subject"]),
        (Snippet, ["reply_text_snippet"]),
        (Text, ["reply_text", "email_text"]),
        // Instantly documents no member for the error. These are read only for bounces and account events.
        (Message, ["error_message", "error", "reason", "message"]),
        // Instantly documents none: a variable of the workspace, and an amount only beside a currency.
        (DealAmount, ["deal_amount", "amount", "value"]),
        (DealCurrency, ["deal_currency", "currency"]),
        // The lead's standard variables, and those its lead finder adds.
        (FirstName, ["firstName"]),
        (LastName, ["lastName"]),
        (CompanyName, ["companyName"]),
        (Title, ["jobTitle", "job_title"]),
        (Phone, ["phone"]),
        (Website, ["website"]),
        (LinkedinUrl, ["linkedIn", "linkedin", "linkedin_url", "linkedinUrl"]),
        (City, ["city"]),
        (Region, ["state", "region"]),
        (Country, ["country"]),
        // What n8n or a proxy wraps an event in. Instantly's own payloads always have a type at the top.
        (Envelope, CommonForm.Envelopes))
    {
        TypeOf = TypeOf,
        AmountsNeedCurrency = true,
        IsLabel = (text, namesLead) => namesLead && !LooksLikeType(text),
        LabelOf = wireName => wireName.ToLowerInvariant() switch
        {
            "custom_label_any_positive" => "Positive",
            "custom_label_any_negative" => "Negative",
            _ => null,
        },
    };

    /// <summary>
    /// Instantly's own names. A text with blanks, or of one word, is rather a label of the workspace, even if it sounds like a type: "Sent"
    /// or "Meeting booked". Only somebody who is labelled as unsubscribed is unsubscribed.
    /// </summary>
    private static EventType? TypeOf(string text) =>
        EventTypes.FromWire(text)
        ?? (text.AsSpan().IndexOfAny('_', '.') >= 0 && !text.Any(char.IsWhiteSpace) || text.Equals("unsubscribed", StringComparison.OrdinalIgnoreCase)
            ? EventTypes.FromSpelling(text)
            : null);

    /// <summary>
    /// Whether the name is probably a new Instantly event type and not a user's label: at least two words of a–z and 0–9 joined by
    /// underscores, starting with a letter.
    /// </summary>
    internal static bool LooksLikeType(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || !char.IsAsciiLetterLower(text[0]) || !text.Contains('_'))
        {
            return false;
        }
        foreach (var word in text.Split('_'))
        {
            if (text[word].IsEmpty || text[word].ContainsAnyExcept(WordCharacters))
            {
                return false;
            }
        }
        return true;
    }
}
