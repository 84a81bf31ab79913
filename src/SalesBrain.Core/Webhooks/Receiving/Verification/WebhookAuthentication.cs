namespace SalesBrain.Core.Webhooks.Receiving.Verification;

/// <summary>
/// How deliveries to an endpoint are authenticated, in addition to the token. Members that the mode does not use are null.
/// <see cref="AuthenticationRules.Problems"/> validates it. The secrets are stored separately.
/// </summary>
public sealed record WebhookAuthentication
{
    /// <summary>One of <see cref="AuthenticationModes"/>.</summary>
    public string Mode { get; init; } = AuthenticationModes.Token;

    /// <summary>Mode header: the header with the secret. Mode hmac: the header with the signature.</summary>
    public string? Header { get; init; }

    /// <summary>Mode basic: the user name.</summary>
    public string? User { get; init; }

    /// <summary>Mode hmac: <c>sha256</c> (default) or <c>sha512</c>.</summary>
    public string? Algorithm { get; init; }

    /// <summary>Mode hmac: the encoding of the signature, <c>hex</c> (default) or <c>base64</c>.</summary>
    public string? Encoding { get; init; }

    /// <summary>Mode hmac: the prefix of the signature in its header, such as <c>sha256=</c>.</summary>
    public string? Prefix { get; init; }

    /// <summary>
    /// Mode hmac: the header with the timestamp of the delivery (RFC 3339, or seconds or milliseconds since 1970); null if there is none.
    /// </summary>
    public string? TimestampHeader { get; init; }

    /// <summary>Mode hmac with a timestamp: how many seconds it may differ from the current time. Default: 300.</summary>
    public int? ToleranceSeconds { get; init; }

    /// <summary>
    /// Mode hmac with a timestamp: the signed text, with the placeholders <c>{timestamp}</c> (the header's text) and <c>{body}</c> (the raw
    /// body). Default: <c>{timestamp}.{body}</c>. Without a timestamp header only the body is signed.
    /// </summary>
    public string? SignedPayload { get; init; }
}

/// <summary>The ways a delivery can be authenticated.</summary>
public static class AuthenticationModes
{
    /// <summary>The endpoint's token and nothing more.</summary>
    public const string Token = "token";

    /// <summary>A header of a fixed value.</summary>
    public const string Header = "header";

    /// <summary>User and password (RFC 7617).</summary>
    public const string Basic = "basic";

    /// <summary>A signature of the raw body.</summary>
    public const string Hmac = "hmac";

    /// <summary>Standard Webhooks 1.0 (github.com/standard-webhooks/standard-webhooks).</summary>
    public const string StandardWebhooks = "standard_webhooks";

    /// <summary>Every mode.</summary>
    public static IReadOnlyList<string> All { get; } = [Token, Header, Basic, Hmac, StandardWebhooks];
}
