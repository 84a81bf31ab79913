using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SalesBrain.Core.Webhooks.Receiving.Verification;

/// <summary>
/// An endpoint's decrypted secrets. An expired previous secret can be passed too. It is not accepted, but the diagnosis can then say
/// that the sender still uses it.
/// </summary>
// A class, not a record: a record's ToString would print them.
public sealed class WebhookSecrets(string current, string? previous = null, DateTime? previousExpiresAt = null)
{
    private const string StandardWebhooksPrefix = "whsec_";
    private const int RandomBytes = 32;

    /// <summary>A new secret for the mode; empty for mode token, which has none.</summary>
    public static string Create(string mode) => mode switch
    {
        AuthenticationModes.Token => "",
        AuthenticationModes.StandardWebhooks =>
            StandardWebhooksPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(RandomBytes)),
        _ => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes)),
    };

    /// <summary>A new token for an endpoint's URL: 256 random bits.</summary>
    public static string CreateToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>The hash that is stored and used for look-up.</summary>
    public static byte[] HashToken(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>The key in a Standard Webhooks secret, <c>whsec_</c> and base64 of 24 to 64 bytes; null when it isn't one.</summary>
    internal static byte[]? StandardWebhooksKey(string secret)
    {
        var base64 = secret.StartsWith(StandardWebhooksPrefix, StringComparison.Ordinal) ? secret[StandardWebhooksPrefix.Length..] : secret;
        var key = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, key, out var length) && length is >= 24 and <= 64 ? key[..length] : null;
    }

    /// <summary>Whether the two texts are equal, compared in constant time.</summary>
    internal static bool AreEqual(string presented, string expected)
    {
        Span<byte> left = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> right = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(presented), left);
        SHA256.HashData(Encoding.UTF8.GetBytes(expected), right);
        return CryptographicOperations.FixedTimeEquals(left, right);
    }

    /// <summary>Which secret a delivery was made with.</summary>
    internal SecretMatch Match(DateTime now, Predicate<string> isMadeWith)
    {
        if (isMadeWith(current))
        {
            return SecretMatch.Current;
        }
        if (previous is null || !isMadeWith(previous))
        {
            return SecretMatch.None;
        }
        return now < previousExpiresAt ? SecretMatch.Previous : SecretMatch.Expired;
    }
}

/// <summary>The secret that a delivery was made with.</summary>
internal enum SecretMatch
{
    None,
    Current,

    /// <summary>The previous secret, within its grace period.</summary>
    Previous,

    /// <summary>The previous secret, no longer accepted.</summary>
    Expired,
}
