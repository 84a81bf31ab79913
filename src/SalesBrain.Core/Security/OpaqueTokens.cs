using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SalesBrain.Core.Security;

/// <summary>
/// Secrets that mean something only to the row that keeps their hash: refresh tokens, and the tokens of set-password links.
/// </summary>
public static class OpaqueTokens
{
    /// <summary>Longest text looked up, in characters; ours have 43.</summary>
    public const int MaxLength = 200;

    /// <summary>A new token: 256 random bits, in characters that need no escaping in a URL.</summary>
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>The hash that is stored and used for look-up. It needs no salt, because 256 random bits cannot be guessed.</summary>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
