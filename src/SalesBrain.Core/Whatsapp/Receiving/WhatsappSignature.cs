using System.Security.Cryptography;
using System.Text;

namespace SalesBrain.Core.Whatsapp.Receiving;

/// <summary>How Meta signs deliveries: HMAC-SHA256 over the raw bytes of the body, with the app's secret.</summary>
public static class WhatsappSignature
{
    public const string Header = "X-Hub-Signature-256";

    private const string Prefix = "sha256=";

    /// <summary>
    /// Whether the header has the signature of these bytes. Compares in constant time. Without a secret nothing is accepted.
    /// </summary>
    public static bool Matches(string? header, ReadOnlySpan<byte> body, string secret)
    {
        if (secret.Length == 0 || header is null || !header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }
        // One byte more, so that a longer signature is not accepted.
        Span<byte> signature = stackalloc byte[SHA256.HashSizeInBytes + 1];
        if (Convert.FromHexString(header.AsSpan(Prefix.Length).Trim(), signature, out _, out var length) != System.Buffers.OperationStatus.Done
            || length != SHA256.HashSizeInBytes)
        {
            return false;
        }
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body, expected);
        return CryptographicOperations.FixedTimeEquals(expected, signature[..length]);
    }

    /// <summary>The value of the header for these bytes.</summary>
    public static string Of(ReadOnlySpan<byte> body, string secret) =>
        Prefix + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
}
