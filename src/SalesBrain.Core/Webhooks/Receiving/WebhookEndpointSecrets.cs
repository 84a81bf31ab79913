using System.Text.Json;
using System.Text.Json.Serialization;

namespace SalesBrain.Core.Webhooks.Receiving;

/// <summary>How an endpoint's authentication is stored.</summary>
public static class WebhookEndpointSecrets
{
    /// <summary>The purpose that its secrets are encrypted for.</summary>
    public const string Purpose = "webhook_endpoint.secret";

    /// <summary>
    /// How <see cref="Verification.WebhookAuthentication"/> is written to <c>auth_settings</c>; the mode has a column of its own.
    /// </summary>
    public static JsonSerializerOptions SettingsJson { get; } = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };
}
