using System.Security.Cryptography;
using System.Text;

namespace SalesBrain.Core.Whatsapp.Receiving;

/// <summary>What Meta asks when an administrator enters the URL of the webhook.</summary>
public static class WhatsappVerification
{
    /// <summary>The challenge to return; null if the request is not Meta's, or no token is configured.</summary>
    public static string? ChallengeOf(string? mode, string? token, string? challenge, string verifyToken) =>
        verifyToken.Length > 0 && mode == "subscribe" && token is not null
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token)), SHA256.HashData(Encoding.UTF8.GetBytes(verifyToken)))
            ? challenge
            : null;
}
