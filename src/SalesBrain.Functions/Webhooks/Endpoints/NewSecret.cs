using SalesBrain.Core.Security;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Core.Webhooks.Receiving.Verification;

namespace SalesBrain.Functions.Webhooks.Endpoints;

/// <summary>A new secret that is not yet encrypted.</summary>
// A class, not a record: a record's ToString would print it.
internal sealed class NewSecret
{
    private NewSecret(string text) => Text = text;

    internal string Text { get; }

    internal string Last4 => Text[^4..];

    /// <summary>The chosen secret, or a random one; null in mode token, which has no secret.</summary>
    internal static NewSecret? For(string mode, string? chosen) =>
        mode == AuthenticationModes.Token ? null : new NewSecret(chosen ?? WebhookSecrets.Create(mode));

    internal byte[] Seal(SecretBox box, Guid organizationId) => box.Seal(Text, organizationId, WebhookEndpointSecrets.Purpose);
}
