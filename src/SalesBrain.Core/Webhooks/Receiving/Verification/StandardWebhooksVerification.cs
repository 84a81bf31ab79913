using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SalesBrain.Core.Webhooks.Receiving.Verification;

/// <summary>
/// Standard Webhooks 1.0, symmetric. <c>webhook-signature</c> contains signatures separated by spaces. One of them must be <c>v1,</c> +
/// base64 of HMAC-SHA256 over <c>{webhook-id}.{webhook-timestamp}.{body}</c>. The headers' names may begin with <c>svix-</c> instead
/// (<see cref="StandardWebhooksHeaders"/>).
/// </summary>
internal static class StandardWebhooksVerification
{
    /// <summary>The reference libraries' tolerance.</summary>
    private const int ToleranceSeconds = 300;

    /// <summary>More signatures than any rotation needs. Further ones are ignored.</summary>
    private const int MaxSignatures = 20;

    private const string Version = "v1,";

    public static VerificationResult Verify(WebhookSecrets secrets, Func<string, string?> header, ReadOnlyMemory<byte> body, DateTime now)
    {
        var names = StandardWebhooksHeaders.Find(header);
        foreach (var name in (ReadOnlySpan<string>)[names.Id, names.Timestamp, names.Signature])
        {
            if (string.IsNullOrEmpty(header(name)))
            {
                return WebhookRefusal.BadSignature($"header {name} is missing");
            }
        }
        var timestamp = header(names.Timestamp)!;
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            return WebhookRefusal.StaleTimestamp($"header {names.Timestamp} is not a number of seconds since 1970");
        }
        var signatures = Signatures(header(names.Signature)!);
        if (signatures.Count == 0)
        {
            return WebhookRefusal.BadSignature($"header {names.Signature} contains no v1 signature");
        }
        var before = Encoding.UTF8.GetBytes($"{header(names.Id)}.{timestamp}.");
        var match = secrets.Match(now, secret => IsSigned(secret, before, body.Span, signatures));
        var result = VerificationResult.Of(match, "signature", WebhookRefusal.BadSignature);
        // Check the signature first: only then is the timestamp the sender's own.
        return result.IsAccepted && WebhookVerification.Stale(now - DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime, ToleranceSeconds) is { } stale
            ? stale
            : result;
    }

    private static List<byte[]> Signatures(string value)
    {
        var signatures = new List<byte[]>();
        foreach (var part in value.Split(' ', MaxSignatures + 1, StringSplitOptions.RemoveEmptyEntries).Take(MaxSignatures))
        {
            var bytes = new byte[SHA256.HashSizeInBytes];
            if (part.StartsWith(Version, StringComparison.Ordinal)
                && Convert.TryFromBase64String(part[Version.Length..], bytes, out var length) && length == bytes.Length)
            {
                signatures.Add(bytes);
            }
        }
        return signatures;
    }

    private static bool IsSigned(string secret, byte[] before, ReadOnlySpan<byte> body, List<byte[]> signatures)
    {
        if (WebhookSecrets.StandardWebhooksKey(secret) is not { } key)
        {
            return false;
        }
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(before);
        hmac.AppendData(body);
        var expected = hmac.GetHashAndReset();
        var isSigned = false;
        foreach (var signature in signatures)
        {
            isSigned |= CryptographicOperations.FixedTimeEquals(expected, signature);
        }
        return isSigned;
    }
}
