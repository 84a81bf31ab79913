using System.Security.Cryptography;
using System.Text;
using SalesBrain.Core.Webhooks.Events;

namespace SalesBrain.Core.Webhooks.Receiving.Verification;

/// <summary>A signature in one header, over the raw body or over a timestamp and the body.</summary>
internal static class HmacVerification
{
    public const int DefaultToleranceSeconds = 300;
    public const string DefaultSignedPayload = "{timestamp}.{body}";
    public const string TimestampPlaceholder = "{timestamp}";
    public const string BodyPlaceholder = "{body}";

    public static VerificationResult Verify(
        WebhookAuthentication authentication, WebhookSecrets secrets, Func<string, string?> header, ReadOnlyMemory<byte> body, DateTime now)
    {
        if (header(authentication.Header!) is not { Length: > 0 } value)
        {
            return WebhookRefusal.BadSignature($"header {authentication.Header} is missing");
        }
        if (!value.StartsWith(authentication.Prefix ?? "", StringComparison.OrdinalIgnoreCase))
        {
            return WebhookRefusal.BadSignature($"header {authentication.Header} does not begin with {authentication.Prefix}");
        }
        var algorithm = authentication.Algorithm == "sha512" ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256;
        var size = algorithm == HashAlgorithmName.SHA512 ? SHA512.HashSizeInBytes : SHA256.HashSizeInBytes;
        if (Decode(value[(authentication.Prefix ?? "").Length..].Trim(), authentication.Encoding, size) is not { } signature)
        {
            return WebhookRefusal.BadSignature($"header {authentication.Header} is not {size} bytes in {authentication.Encoding ?? "hex"}");
        }
        var timestamp = "";
        if (authentication.TimestampHeader is { } timestampHeader)
        {
            if (header(timestampHeader) is not { Length: > 0 } text)
            {
                return WebhookRefusal.BadSignature($"header {timestampHeader} is missing");
            }
            timestamp = text;
        }
        var (before, after) = AroundBody(authentication, timestamp);
        var match = secrets.Match(now, secret =>
        {
            using var hmac = IncrementalHash.CreateHMAC(algorithm, Encoding.UTF8.GetBytes(secret));
            hmac.AppendData(before);
            hmac.AppendData(body.Span);
            hmac.AppendData(after);
            return CryptographicOperations.FixedTimeEquals(hmac.GetHashAndReset(), signature);
        });
        var result = VerificationResult.Of(match, "signature", WebhookRefusal.BadSignature);
        // Check the signature first: only then is the timestamp the sender's own.
        return result.IsAccepted && authentication.TimestampHeader is not null && CheckTimestamp(authentication, timestamp, now) is { } stale
            ? stale
            : result;
    }

    private static WebhookRefusal? CheckTimestamp(WebhookAuthentication authentication, string timestamp, DateTime now) =>
        EventTimestamps.Parse(timestamp) is { } sentAt
            ? WebhookVerification.Stale(now - sentAt, authentication.ToleranceSeconds ?? DefaultToleranceSeconds)
            : WebhookRefusal.StaleTimestamp($"header {authentication.TimestampHeader} is not a timestamp");

    private static (byte[] Before, byte[] After) AroundBody(WebhookAuthentication authentication, string timestamp)
    {
        if (authentication.TimestampHeader is null)
        {
            return ([], []);
        }
        var template = authentication.SignedPayload ?? DefaultSignedPayload;
        var body = template.IndexOf(BodyPlaceholder, StringComparison.Ordinal);
        return (Fill(template[..body]), Fill(template[(body + BodyPlaceholder.Length)..]));

        byte[] Fill(string part) => Encoding.UTF8.GetBytes(part.Replace(TimestampPlaceholder, timestamp, StringComparison.Ordinal));
    }

    private static byte[]? Decode(string text, string? encoding, int size)
    {
        // One byte more, so that a too long signature is not accepted.
        var bytes = new byte[size + 1];
        var isDecoded = encoding == "base64"
            ? Convert.TryFromBase64String(text, bytes, out var length)
            : Convert.FromHexString(text, bytes, out _, out length) == System.Buffers.OperationStatus.Done;
        return isDecoded && length == size ? bytes[..size] : null;
    }
}
