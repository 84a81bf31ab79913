using System.Collections.Frozen;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace SalesBrain.Core.Webhooks.Receiving.Verification;

/// <summary>Which headers of a delivery are kept with it, and which of those without their value.</summary>
public static class HeaderRedaction
{
    /// <summary>Replaces a value that is not stored. The name of the header is kept, because it helps to find a sender's mistake.</summary>
    public const string Redacted = "[redacted]";

    /// <summary>
    /// The member that says how many headers were left out, because all together have more than <see cref="MaxBytes"/>. No header has this
    /// name.
    /// </summary>
    public const string LeftOut = "[left out]";

    /// <summary>Most bytes of names and values that are kept. A header that does not fit is left out as a whole.</summary>
    public const int MaxBytes = 8 * 1024;

    /// <summary>Room for the note that something was left out.</summary>
    private const int NoteBytes = 64;

    private static readonly FrozenSet<string> Kept = new[]
    {
        "accept", "content-encoding", "content-length", "content-type", "date", "idempotency-key", "svix-id", "svix-timestamp",
        "traceparent", "user-agent", "webhook-id", "webhook-timestamp", "x-correlation-id", "x-request-id",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Parts of the names of headers that hold secrets or signatures.</summary>
    private static readonly string[] SecretParts = ["auth", "cookie", "credential", "key", "passw", "secret", "signature", "token"];

    /// <summary>The headers to keep, names in lower case. Whatever is neither harmless by name nor a secret is not kept.</summary>
    public static Dictionary<string, string> Keep(
        IEnumerable<KeyValuePair<string, StringValues>> headers, WebhookAuthentication authentication)
    {
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        var (left, leftOut) = (MaxBytes - NoteBytes, 0);
        foreach (var (name, values) in headers)
        {
            if (KeptValue(name, values, authentication) is not { } value)
            {
                continue;
            }
            var bytes = Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value);
            if (bytes > left)
            {
                leftOut++;
                continue;
            }
            left -= bytes;
            kept[name.ToLowerInvariant()] = value;
        }
        if (leftOut > 0)
        {
            kept[LeftOut] = $"{leftOut} of the headers, beyond {MaxBytes / 1024} KiB";
        }
        return kept;
    }

    /// <summary>The text without NUL and lone surrogates, which PostgreSQL cannot store.</summary>
    public static string Storable(string value) =>
        Ascii.IsValid(value) && !value.Contains('\0')
            ? value
            : string.Concat(value.EnumerateRunes().Select(rune => rune.Value == 0 ? Rune.ReplacementChar : rune));

    /// <summary>The value to keep; null if the header is not kept.</summary>
    private static string? KeptValue(string name, StringValues values, WebhookAuthentication authentication)
    {
        // The configured header first: a secret is one, whatever its header is called.
        if (Is(name, authentication.Header))
        {
            return Redacted;
        }
        if (Kept.Contains(name) || Is(name, authentication.TimestampHeader))
        {
            return Storable(values.ToString());
        }
        return SecretParts.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase)) ? Redacted : null;
    }

    private static bool Is(string name, string? configured) => name.Equals(configured, StringComparison.OrdinalIgnoreCase);
}
