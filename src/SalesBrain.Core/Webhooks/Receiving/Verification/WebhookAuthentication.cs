namespace SalesBrain.Core.Webhooks.Receiving.Verification;

/// <summary>
/// How deliveries of an endpoint prove that they are their sender's, apart from the token. Members that the mode has no use for are null;
/// <see cref="AuthenticationRules.Problems"/> says what is wrong. Secrets are elsewhere.
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
    /// Mode hmac with a timestamp: what is signed, with <c>{timestamp}</c> and <c>{body}</c> for the header's text and the raw body;
    /// <c>{timestamp}.{body}</c> by default. Without a timestamp header the body alone is signed.
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
