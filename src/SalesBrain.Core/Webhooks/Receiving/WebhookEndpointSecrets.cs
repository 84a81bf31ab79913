namespace SalesBrain.Core.Webhooks.Receiving;

/// <summary>How the secrets of endpoints are stored.</summary>
public static class WebhookEndpointSecrets
{
    /// <summary>The purpose that its secrets are encrypted for.</summary>
    public const string Purpose = "webhook_endpoint.secret";
}
