namespace SalesBrain.Core.Webhooks.Processing;

/// <summary>Why a webhook could not be processed: a stable code, and a message that tells an operator what to do.</summary>
public sealed record WebhookFailure(string Code, string Message);

/// <summary>Every reason why processing can fail.</summary>
public static class WebhookFailures
{
    public static readonly WebhookFailure EventTypeMissing = new(
        "event_type_missing",
        "No event type was found in the event. Configure the sender to include it as event_type, or set field_paths.event_type of the "
        + "webhook endpoint and retry.");

    public static readonly WebhookFailure ContactEmailMissing = new(
        "contact_email_missing",
        "The event is about a contact but has no e-mail address. Configure the sender to include it as email (Instantly: lead_email), "
        + "then send the event again.");

    public static readonly WebhookFailure ContactEmailInvalid = new(
        "contact_email_invalid",
        "The contact's e-mail address in the event cannot receive mail. Correct it in the sending tool, then send the event again.");

    public static readonly WebhookFailure CampaignIdMissing = new(
        "campaign_id_missing",
        "The event is about a campaign but does not identify one. Configure the sender to include campaign_id or campaign_name, "
        + "then send the event again.");

    public static readonly WebhookFailure PayloadMissing = new(
        "payload_missing",
        "The payload has been deleted, so the event cannot be processed again. Have the sender send it again, or enter the event by hand.");

    public static readonly WebhookFailure PayloadUnreadable = new(
        "payload_unreadable",
        "The stored payload cannot be parsed. Check the payload, then enter the event by hand.");

    /// <summary>Not a failure of processing: the log is ignored (<c>app.forget_webhook_logs</c>).</summary>
    public static readonly WebhookFailure ContactErased = new(
        "contact_erased",
        "The data of the person was erased, and the payload with it. The event has no effect.");

    /// <summary>Not failures of processing: the logs are ignored (<c>app.mark_whatsapp_logs</c>).</summary>
    public static readonly WebhookFailure WhatsappMessageUnknown = new(
        "whatsapp_message_unknown",
        "The status is about a message that was not sent with SalesBrain. It has no effect.");

    public static readonly WebhookFailure WhatsappConversationUnknown = new(
        "whatsapp_conversation_unknown",
        "The person whose number changed has no open conversation. The new number is kept with their contact.");

    public static readonly WebhookFailure ProcessingFailed = new(
        "processing_failed",
        "SalesBrain could not apply the event because of an unexpected error. It retries automatically. If the error remains, "
        + "report the id of the log.");

    /// <summary>Every reason, for documentation and filters.</summary>
    public static IReadOnlyList<WebhookFailure> All { get; } =
    [
        EventTypeMissing, ContactEmailMissing, ContactEmailInvalid, CampaignIdMissing, PayloadMissing, PayloadUnreadable, ContactErased,
        WhatsappMessageUnknown, WhatsappConversationUnknown, ProcessingFailed,
    ];
}
