using System.Buffers;
using SalesBrain.Core.Webhooks.Events.Sources;

namespace SalesBrain.Core.Webhooks.Receiving.Verification;

/// <summary>Says what is wrong with an endpoint's authentication before it is stored, by member of the request.</summary>
public static class AuthenticationRules
{
    /// <summary>RFC 9110, section 5.6.2.</summary>
    private static readonly SearchValues<char> HeaderNameCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>Headers that mean something else, so that a sender can't fill them freely.</summary>
    private static readonly string[] TakenHeaders =
    [
        "accept", "connection", "content-encoding", "content-length", "content-type", "cookie", "expect", "host", "idempotency-key", "te", "trailer",
        "transfer-encoding", "upgrade", "user-agent", "webhook-id", "x-webhook-token",
    ];

    /// <summary>What is wrong, all at once: the member's name in snake_case and a sentence. Empty when it can be used.</summary>
    public static IReadOnlyList<(string Member, string Message)> Problems(EventSource source, WebhookAuthentication authentication)
    {
        var mode = authentication.Mode;
        var problems = new List<(string, string)>();
        if (!AuthenticationModes.All.Contains(mode))
        {
            return [("mode", $"Must be one of {string.Join(", ", AuthenticationModes.All)}.")];
        }
        var isHmac = mode == AuthenticationModes.Hmac;
        if (source == EventSources.Instantly && (isHmac || mode == AuthenticationModes.StandardWebhooks))
        {
            problems.Add(("mode", "Instantly can't sign its deliveries; it can send a fixed header. Use header or token."));
        }
        if (mode == AuthenticationModes.Header || isHmac)
        {
            problems.AddRange(HeaderProblems("header", authentication.Header));
        }
        else
        {
            NotIn(authentication.Header, "header");
        }
        if (mode == AuthenticationModes.Basic)
        {
            // RFC 7617, section 2: the first colon ends the user's name.
            if (authentication.User is not { Length: >= 1 and <= 200 } user || user.Contains(':') || user.Any(char.IsControl))
            {
                problems.Add(("user", "Must be 1 to 200 characters without a colon."));
            }
        }
        else
        {
            NotIn(authentication.User, "user");
        }
        if (isHmac)
        {
            problems.AddRange(HmacProblems(authentication));
        }
        else
        {
            NotIn(authentication.Algorithm, "algorithm");
            NotIn(authentication.Encoding, "encoding");
            NotIn(authentication.Prefix, "prefix");
            NotIn(authentication.TimestampHeader, "timestamp_header");
            NotIn(authentication.ToleranceSeconds, "tolerance_seconds");
            NotIn(authentication.SignedPayload, "signed_payload");
        }
        return problems;

        void NotIn(object? value, string member)
        {
            if (value is not null)
            {
                problems.Add((member, $"Has no meaning in mode {mode}."));
            }
        }
    }

    /// <summary>What is wrong with a secret that somebody chose themselves, or null. <see cref="WebhookSecrets.Create"/> makes better ones.</summary>
    public static string? SecretProblem(string mode, string secret) => mode switch
    {
        AuthenticationModes.Token => "Has no meaning in mode token.",
        AuthenticationModes.StandardWebhooks => WebhookSecrets.StandardWebhooksKey(secret) is null
            ? "Must be whsec_ followed by base64 of 24 to 64 random bytes."
            : null,
        // Header values arrive without blanks around them, and other characters differently from every client.
        _ => secret.Length is < 16 or > 500 || secret.AsSpan().ContainsAnyExceptInRange(' ', '~') || secret[0] == ' ' || secret[^1] == ' '
            ? "Must be 16 to 500 printable ASCII characters, the first and last no blanks."
            : null,
    };

    private static IEnumerable<(string, string)> HmacProblems(WebhookAuthentication authentication)
    {
        if (authentication.Algorithm is not (null or "sha256" or "sha512"))
        {
            yield return ("algorithm", "Must be sha256 or sha512.");
        }
        if (authentication.Encoding is not (null or "hex" or "base64"))
        {
            yield return ("encoding", "Must be hex or base64.");
        }
        if (authentication.Prefix is { } prefix && (prefix.Length > 50 || prefix.AsSpan().ContainsAnyExceptInRange('!', '~')))
        {
            yield return ("prefix", "Must be at most 50 printable ASCII characters without blanks.");
        }
        if (authentication.TimestampHeader is not { } timestampHeader)
        {
            if (authentication.ToleranceSeconds is not null)
            {
                yield return ("tolerance_seconds", "Needs timestamp_header.");
            }
            if (authentication.SignedPayload is not null)
            {
                yield return ("signed_payload", "Needs timestamp_header; without it the body alone is signed.");
            }
            yield break;
        }
        foreach (var problem in HeaderProblems("timestamp_header", timestampHeader))
        {
            yield return problem;
        }
        if (timestampHeader.Equals(authentication.Header, StringComparison.OrdinalIgnoreCase))
        {
            yield return ("timestamp_header", "Must be another header than the signature's.");
        }
        if (authentication.ToleranceSeconds is < 1 or > 86_400)
        {
            yield return ("tolerance_seconds", "Must be 1 to 86400.");
        }
        if (authentication.SignedPayload is { } template
            && (template.Length > 200 || Count(template, HmacVerification.BodyPlaceholder) != 1 || Count(template, HmacVerification.TimestampPlaceholder) != 1))
        {
            // A timestamp outside the signature proves nothing: whoever replays a delivery writes a new one.
            yield return ("signed_payload", "Must hold {timestamp} and {body} once each, in at most 200 characters.");
        }
    }

    private static IEnumerable<(string, string)> HeaderProblems(string member, string? name)
    {
        if (name is not { Length: >= 1 and <= 100 } || name.AsSpan().ContainsAnyExcept(HeaderNameCharacters))
        {
            yield return (member, "Must be the name of an HTTP header, at most 100 characters.");
        }
        else if (TakenHeaders.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            yield return (member, $"{name} has a meaning of its own; choose another header.");
        }
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
