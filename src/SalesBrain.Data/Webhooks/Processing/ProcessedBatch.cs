using SalesBrain.Core.Webhooks.Processing;

namespace SalesBrain.Data.Webhooks.Processing;

/// <summary>What became of the logs of a batch, before the commit.</summary>
internal sealed class ProcessedBatch
{
    /// <summary>Logs whose events have effects; of WhatsApp without the effect.</summary>
    public List<(DueWebhook Webhook, WebhookEffect? Effect)> Applied { get; } = [];

    /// <summary>Logs that are still to be marked as ignored.</summary>
    public List<DueWebhook> Ignored { get; } = [];

    /// <summary>Logs that were marked as ignored with a reason.</summary>
    public List<DueWebhook> MarkedIgnored { get; } = [];

    public List<FailedWebhook> Failures { get; } = [];

    /// <summary>New contacts that wait for automatic assignment.</summary>
    public int NewContacts { get; set; }
}
