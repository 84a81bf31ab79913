using System.Collections.Frozen;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace SalesBrain.Core.Webhooks.Receiving.Verification;

/// <summary>Which headers of a delivery are kept with it, and which of those without their value.</summary>
public static class HeaderRedaction
{
    /// <summary>Replaces a value that is not stored. The name of the header is kept, because it helps to find a sender's mistake.</summary>
    public const string Redacted = "[redacted]";

    /// <summary>Longest value kept, in characters.</summary>
    private const int MaxLength = 1000;

    private static readonly FrozenSet<string> Kept = new[]
    {
        "accept", "content-encoding", "content-length", "content-type", "date", "idempotency-key", "traceparent", "user-agent", "webhook-id", "webhook-timestamp",
        "x-correlation-id", "x-request-id",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Parts of the names of headers that hold secrets or signatures.</summary>
    private static readonly string[] SecretParts = ["auth", "cookie", "credential", "key", "passw", "secret", "signature", "token"];

    /// <summary>The headers to keep, names in lower case. Whatever is neither harmless by name nor a secret is left out.</summary>
    public static Dictionary<string, string> Keep(IEnumerable<KeyValuePair<string, StringValues>> headers, WebhookAuthentication authentication)
    {
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, values) in headers)
        {
            // The configured header first: a secret is one, whatever its header is called.
            if (Is(name, authentication.Header))
            {
                kept[name.ToLowerInvariant()] = Redacted;
            }
            else if (Kept.Contains(name) || Is(name, authentication.TimestampHeader))
            {
                kept[name.ToLowerInvariant()] = Storable(values.ToString());
            }
            else if (SecretParts.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase)))
            {
                kept[name.ToLowerInvariant()] = Redacted;
            }
        }
        return kept;
    }

    private static bool Is(string name, string? configured) => name.Equals(configured, StringComparison.OrdinalIgnoreCase);

    /// <summary>The text without NUL and lone surrogates, which PostgreSQL cannot store. Truncation can create lone surrogates.</summary>
    private static string Storable(string value)
    {
        var cut = value.Length > MaxLength ? value[..MaxLength] : value;
        return Ascii.IsValid(cut) && !cut.Contains('\0')
            ? cut
            : string.Concat(cut.EnumerateRunes().Select(rune => rune.Value == 0 ? Rune.ReplacementChar : rune));
    }
}
