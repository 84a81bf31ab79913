using System.Buffers;
using SalesBrain.Core.Values;
using SalesBrain.Core.Webhooks.Events.Sources;

namespace SalesBrain.Core.Webhooks.Receiving.Verification;

/// <summary>Validates an endpoint's authentication settings before they are stored.</summary>
public static class AuthenticationRules
{
    /// <summary>Fewest characters of a secret.</summary>
    public const int MinSecretLength = 16;

    /// <summary>Most characters of a header's name.</summary>
    public const int MaxHeaderLength = 100;

    /// <summary>The name of a header (RFC 9110, section 5.6.2).</summary>
    public const string HeaderPattern = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$";

    public const int MaxUserLength = 200;

    /// <summary>A user name (RFC 7617, section 2): without a colon and control characters.</summary>
    public const string UserPattern = "^[^:\\u0000-\\u001F\\u007F-\\u009F]+$";

    public const int MaxPrefixLength = 50;

    /// <summary>Printable ASCII characters except the space.</summary>
    public const string PrefixPattern = "^[!-~]*$";

    /// <summary>Most seconds that a timestamp may differ.</summary>
    public const int MaxTolerance = 86_400;

    public const int MaxSignedPayloadLength = 200;

    /// <summary>Contains both placeholders. Each may be there only once.</summary>
    public const string SignedPayloadPattern = @"\{timestamp\}[\s\S]*\{body\}|\{body\}[\s\S]*\{timestamp\}";

    /// <summary>RFC 9110, section 5.6.2.</summary>
    private static readonly SearchValues<char> HeaderNameCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>Headers with a meaning of their own, which a sender cannot set freely.</summary>
    private static readonly string[] TakenHeaders =
    [
        "accept", "connection", "content-encoding", "content-length", "content-type", "cookie", "expect", "host", "idempotency-key", "te",
        "trailer", "transfer-encoding", "upgrade", "user-agent", "webhook-id", "x-webhook-token",
    ];

    /// <summary>All problems: the member's name in snake_case and what is wrong with it. Empty if the settings are valid.</summary>
    public static IReadOnlyList<(string Member, string Message)> Problems(EventSource source, WebhookAuthentication authentication)
    {
        var mode = authentication.Mode;
        var problems = new List<(string, string)>();
        if (!AuthenticationModes.All.Contains(mode))
        {
            return [("mode", $"must be one of {string.Join(", ", AuthenticationModes.All)}")];
        }
        var isHmac = mode == AuthenticationModes.Hmac;
        if (source == EventSources.Instantly && (isHmac || mode == AuthenticationModes.StandardWebhooks))
        {
            problems.Add(("mode", "must be token or header, because Instantly cannot sign its deliveries"));
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
            // RFC 7617, section 2: the first colon ends the user name.
            if (authentication.User is not { Length: >= 1 } user || CodePoints.Count(user) > MaxUserLength || user.Contains(':')
                || user.Any(char.IsControl))
            {
                problems.Add(("user", "must be 1 to 200 characters without a colon"));
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
                problems.Add((member, $"must not be set when auth_mode is {mode}"));
            }
        }
    }

    /// <summary>
    /// What is wrong with a secret that the customer chose; null if it is valid. <see cref="WebhookSecrets.Create"/> makes better ones.
    /// </summary>
    public static string? SecretProblem(string mode, string secret) => mode switch
    {
        AuthenticationModes.Token => "must not be set when auth_mode is token",
        AuthenticationModes.StandardWebhooks => WebhookSecrets.StandardWebhooksKey(secret) is null
            ? "must be whsec_ followed by 24 to 64 random bytes in base64"
            : null,
        // HTTP strips spaces around header values, and clients encode non-ASCII characters differently.
        _ => secret.Length is < MinSecretLength or > 500 || secret.AsSpan().ContainsAnyExceptInRange(' ', '~') || secret[0] == ' ' || secret[^1] == ' '
            ? "must be 16 to 500 printable ASCII characters, without spaces at the start or end"
            : null,
    };

    private static IEnumerable<(string, string)> HmacProblems(WebhookAuthentication authentication)
    {
        if (authentication.Algorithm is not (null or "sha256" or "sha512"))
        {
            yield return ("algorithm", "must be sha256 or sha512");
        }
        if (authentication.Encoding is not (null or "hex" or "base64"))
        {
            yield return ("encoding", "must be hex or base64");
        }
        if (authentication.Prefix is { } prefix && (prefix.Length > MaxPrefixLength || prefix.AsSpan().ContainsAnyExceptInRange('!', '~')))
        {
            yield return ("prefix", "must be at most 50 printable ASCII characters without spaces");
        }
        if (authentication.TimestampHeader is not { } timestampHeader)
        {
            if (authentication.ToleranceSeconds is not null)
            {
                yield return ("tolerance_seconds", "must not be set without timestamp_header");
            }
            if (authentication.SignedPayload is not null)
            {
                yield return ("signed_payload", "must not be set without timestamp_header; then only the body is signed");
            }
            yield break;
        }
        foreach (var problem in HeaderProblems("timestamp_header", timestampHeader))
        {
            yield return problem;
        }
        if (timestampHeader.Equals(authentication.Header, StringComparison.OrdinalIgnoreCase))
        {
            yield return ("timestamp_header", "must not be the signature header");
        }
        if (authentication.ToleranceSeconds is < 1 or > MaxTolerance)
        {
            yield return ("tolerance_seconds", "must be from 1 to 86400");
        }
        if (authentication.SignedPayload is { } template
            && (CodePoints.Count(template) > MaxSignedPayloadLength || Count(template, HmacVerification.BodyPlaceholder) != 1 || Count(template, HmacVerification.TimestampPlaceholder) != 1))
        {
            // An unsigned timestamp proves nothing: an attacker who replays a delivery can change it.
            yield return ("signed_payload", "must contain {timestamp} and {body} once each, in at most 200 characters");
        }
    }

    private static IEnumerable<(string, string)> HeaderProblems(string member, string? name)
    {
        if (name is not { Length: >= 1 and <= MaxHeaderLength } || name.AsSpan().ContainsAnyExcept(HeaderNameCharacters))
        {
            yield return (member, "must be the name of an HTTP header, at most 100 characters");
        }
        else if (TakenHeaders.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            yield return (member, $"must not be {name}, which HTTP or SalesBrain uses for something else");
        }
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
