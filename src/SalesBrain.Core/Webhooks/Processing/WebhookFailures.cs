namespace SalesBrain.Core.Webhooks.Processing;

/// <summary>Why a webhook could not be processed: a stable code, and a sentence that says what a person can do about it.</summary>
public sealed record WebhookFailure(string Code, string Message);

/// <summary>The one table of reasons for which processing fails.</summary>
public static class WebhookFailures
{
    public static readonly WebhookFailure ContactEmailMissing = new(
        "contact_email_missing",
        "The event is about a contact but carries no e-mail address. Let the sender add it as email (Instantly: lead_email) and send the event again.");

    public static readonly WebhookFailure ContactEmailInvalid = new(
        "contact_email_invalid",
        "What the event carries as the contact's e-mail address is not one. Correct the address in the sending tool and let it send the event again.");

    public static readonly WebhookFailure CampaignIdMissing = new(
        "campaign_id_missing",
        "The event is about a campaign but names none. Let the sender add campaign_id or campaign_name and send the event again.");

    public static readonly WebhookFailure PayloadMissing = new(
        "payload_missing",
        "The payload is no longer kept, so the event can't be processed again. Let the sender send it again, or enter the event by hand.");

    public static readonly WebhookFailure PayloadUnreadable = new(
        "payload_unreadable",
        "The stored payload can't be read as the event it was received as. Look at the payload, then enter the event by hand.");

    public static readonly WebhookFailure ProcessingFailed = new(
        "processing_failed",
        "SalesBrain could not apply the event because of an unexpected error. It is tried again by itself; if it stays, report the log's id.");

    /// <summary>Every reason, for documentation and filters.</summary>
    public static IReadOnlyList<WebhookFailure> All { get; } =
        [ContactEmailMissing, ContactEmailInvalid, CampaignIdMissing, PayloadMissing, PayloadUnreadable, ProcessingFailed];
}
