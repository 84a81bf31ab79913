using System.Buffers;
using static SalesBrain.Core.Webhooks.Events.Sources.EventField;

namespace SalesBrain.Core.Webhooks.Events.Sources;

/// <summary>
/// Instantly (developer.instantly.ai, "Webhook events"): a flat object, the lead's variables merged into its top level under whatever
/// names their workspace chose. So there is one spelling per field, no nested objects, and nothing else is looked at.
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
        // "email" is the lead's own too; it is there even where lead_email is missing.
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
        // Instantly documents no member that says what is wrong; these are looked at for bounces and account events only.
        (Message, ["error_message", "error", "reason", "message"]),
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
        (Country, ["country"]))
    {
        IsLabel = (text, namesLead) => namesLead && !LooksLikeType(text),
        LabelOf = wireName => wireName.ToLowerInvariant() switch
        {
            "custom_label_any_positive" => "Positive",
            "custom_label_any_negative" => "Negative",
            _ => null,
        },
    };

    /// <summary>
    /// Whether it is a type that Instantly has added since, as against a label that somebody typed: words of a–z and 0–9 joined by underscores,
    /// at least two, the first of which begins with a letter.
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
