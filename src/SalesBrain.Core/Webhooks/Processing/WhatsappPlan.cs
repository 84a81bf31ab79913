using System.Text.Json;
using SalesBrain.Core.Whatsapp.Receiving;

namespace SalesBrain.Core.Webhooks.Processing;

/// <summary>What to do with a stored event of the source whatsapp. At most one of the members is set; without any it is ignored.</summary>
public sealed record WhatsappPlan(WhatsappEvent? Event, WebhookFailure? Failure)
{
    /// <summary>Reads the stored bytes anew, so that a retry benefits from a newer version.</summary>
    public static WhatsappPlan Of(DueWebhook webhook, WebhookPayload? payload, DateTimeOffset now)
    {
        if (payload is null)
        {
            return new WhatsappPlan(null, WebhookFailures.PayloadMissing);
        }
        try
        {
            return new WhatsappPlan(
                WhatsappEventReader.Read(payload.Body, webhook.CreatedAt) is { } read
                    ? read with
                    {
                        LogId = webhook.Id,
                        LogCreatedAt = webhook.CreatedAt,
                        OrganizationId = webhook.OrganizationId,
                        ActivityId = read.IsNews == true ? Guid.CreateVersion7(now) : null,
                    }
                    : null,
                null);
        }
        catch (JsonException)
        {
            return new WhatsappPlan(null, WebhookFailures.PayloadUnreadable);
        }
    }
}
