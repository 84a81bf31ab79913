using SalesBrain.Core.Webhooks.Events;

namespace SalesBrain.Core.Webhooks.Receiving.Verification;

/// <summary>Finds the id in a delivery's headers. Where deliveries are signed, only an id that the signature covers counts.</summary>
public static class DeliveryIds
{
    private static readonly string[] Unsigned = ["webhook-id", "svix-id", "idempotency-key"];

    /// <param name="mode">One of <see cref="AuthenticationModes"/>.</param>
    /// <param name="header">The value of the delivery's header with this name, in whatever letter case, or null.</param>
    public static string? Find(string mode, Func<string, string?> header) => mode switch
    {
        // The signature covers the body and perhaps a timestamp, but no id.
        AuthenticationModes.Hmac => null,
        AuthenticationModes.StandardWebhooks => header(StandardWebhooksHeaders.Find(header).Id),
        _ => Array.Find(Unsigned, name => SenderIds.Clean(header(name)) is not null) is { } name ? header(name) : null,
    };
}

/// <summary>The names of the headers of Standard Webhooks: the standard's, or those of Svix, which it comes from.</summary>
internal readonly record struct StandardWebhooksHeaders(string Id, string Timestamp, string Signature)
{
    private static readonly StandardWebhooksHeaders Standard = new("webhook-id", "webhook-timestamp", "webhook-signature");
    private static readonly StandardWebhooksHeaders Svix = new("svix-id", "svix-timestamp", "svix-signature");

    /// <summary>
    /// The set that a delivery is verified by: the standard's if it is complete, else that of Svix if any of it is there. Headers of the
    /// two sets are never mixed.
    /// </summary>
    public static StandardWebhooksHeaders Find(Func<string, string?> header)
    {
        if (Standard.All(Has))
        {
            return Standard;
        }
        return Svix.All(Has) || (Svix.Any(Has) && !Standard.Any(Has)) ? Svix : Standard;

        bool Has(string name) => !string.IsNullOrEmpty(header(name));
    }

    private bool All(Func<string, bool> has) => has(Id) && has(Timestamp) && has(Signature);

    private bool Any(Func<string, bool> has) => has(Id) || has(Timestamp) || has(Signature);
}
